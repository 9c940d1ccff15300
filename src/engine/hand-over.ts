// How a stream goes from one plan to the next while it plays.

import type { EngineFailure, EngineOutcome } from './error.js';
import { errorCodeOf, fail, outcomeOf } from './error.js';
import type { NativeHandOverTarget } from './native.js';

/**
 * `reload`: nodes of equal id, type, options and shape go on, with their notes, echoes and movements, and the old plan is
 * faded out at once. After the others nothing goes on: the old plan rings until its voices and tails have run out, at most
 * `ringSeconds` (`after_last_note`), or for `ringSeconds` (`after_time`). The position is how the C API writes it.
 */
export const handOverKinds = ['reload', 'after_last_note', 'after_time'] as const;
export type HandOverKind = (typeof handOverKinds)[number];

export interface HandOverSettings {
  readonly kind: HandOverKind;
  /** 0 to 10. The new plan fades in from its first frame, the old one out when its time has come. */
  readonly crossfadeSeconds: number;
  /** 0 to 3600. */
  readonly ringSeconds: number;
}

/** A crossfade of 30 ms, and at most 30 seconds of ringing. */
export function handOverSettings(kind: HandOverKind, changes: Partial<HandOverSettings> = {}): HandOverSettings {
  return { kind, crossfadeSeconds: 0.03, ringSeconds: 30, ...changes };
}

/** The number of the prepared plan: the first plan of a stream is 1. */
export type Preparing = { readonly ok: true; readonly plan: number } | EngineFailure;

/** `frame`: nothing until the plan has taken over. */
export type TakeoverFinding = { readonly ok: true; readonly frame: number | undefined } | EngineFailure;

/** See `LiveStreamer.prepare`. */
export async function preparePlan(
  target: NativeHandOverTarget,
  plan: Uint8Array,
  { kind, crossfadeSeconds, ringSeconds }: HandOverSettings,
): Promise<Preparing> {
  const answer = await target.prepare(plan, { kind: handOverKinds.indexOf(kind), crossfadeSeconds, ringSeconds });
  return typeof answer === 'number' ? { ok: true, plan: answer } : fail(errorCodeOf(answer.status), answer.message);
}

/** See `LiveStreamer.handOver`. */
export function handOverTo(target: NativeHandOverTarget, plan: number, frame: number): EngineOutcome {
  if (!isPlanNumber(plan) || !Number.isSafeInteger(frame) || frame < 0) {
    return fail(
      'argument',
      `handOver: plan ${plan} at frame ${frame}; a number from prepare and a frame from 0 on fit`,
    );
  }
  return outcomeOf(target.handOver(plan, frame), `plan ${plan} is not one that waits to take over`);
}

/** See `LiveStreamer.tookOverAt`. */
export function takeoverOf(target: NativeHandOverTarget, plan: number): TakeoverFinding {
  const answer = isPlanNumber(plan) ? target.tookOverAt(plan) : gone;
  return answer === gone
    ? fail('not_found', `there is no plan ${plan}, or not any more`)
    : { ok: true, frame: answer < 0 ? undefined : answer };
}

/** How the addon says that a plan is not there. */
const gone = -2;

function isPlanNumber(plan: number): boolean {
  return Number.isInteger(plan) && plan > 0 && plan <= 0xffff_ffff;
}
