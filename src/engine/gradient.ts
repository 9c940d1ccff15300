// How what a plan sounds like depends on its parameters and edge gains: it is played once, and gone through backward.

import type { EngineFailure } from './error.js';
import { errorCodeOf, fail } from './error.js';
import type { StreamEvent } from './event.js';
import { eventFields, findUnfitField } from './event.js';
import type { NativeFailure, NativeGradient } from './native.js';
import { loadNative } from './native.js';

export interface GradientSettings {
  /** Frames, 1 to 4096. */
  readonly block: number;
  /** Threads that compute, 1 to 64. */
  readonly workers: number;
  /** That are played. */
  readonly frames: number;
  /** In the order in which they act. */
  readonly events: readonly StreamEvent[];
}

export type GradientOpening = { readonly ok: true; readonly run: GradientRun } | EngineFailure;

/** A sound before the limiter, channel after channel; stream frame 0 comes first. */
export type Recording = { readonly ok: true; readonly sound: Float64Array } | EngineFailure;

export interface PlanGradient {
  /** By the base of each parameter of each node, of each batch lane, one after another as the plan has them, in its unit. */
  readonly parameters: Float64Array;
  /** By the gain or depth of each edge of the plan, as a plain number. */
  readonly edgeGains: Float64Array;
}

export type GoingBack = { readonly ok: true; readonly gradient: PlanGradient } | EngineFailure;

/**
 * Checks and builds a plan; nothing is played yet. Errors: `missing`, `plan` with the offset or the name at fault, `argument`,
 * `memory`, `thread`.
 */
export function openGradient(plan: Uint8Array, settings: GradientSettings): GradientOpening {
  const loading = loadNative();
  if (!loading.ok) {
    return loading;
  }
  const { block, workers, frames } = settings;
  for (const [name, value] of Object.entries({ block, workers, frames })) {
    if (!Number.isInteger(value) || Math.abs(value) > 0x7fff_ffff) {
      return fail('argument', `${name} ${value}: a whole number fits`);
    }
  }
  const rows: (readonly number[])[] = [];
  for (const event of settings.events) {
    const fields = eventFields(event);
    const unfit = findUnfitField(event.type, fields);
    if (unfit !== undefined) {
      return unfit;
    }
    const { frame, kind, channel, note, node, parameter, value, rate, acceleration, area, plan: of, atOnce } = fields;
    rows.push([frame, kind, channel, note, node, parameter, value, rate, acceleration, area, of, atOnce]);
  }
  const events = Float64Array.from(rows.flat());
  const native = new loading.addon.Gradient(plan, { block, workers, frames, events });
  return native.failure === null ? { ok: true, run: new GradientRun(native, frames) } : failureOf(native.failure);
}

function failureOf({ status, message }: NativeFailure): EngineFailure {
  return fail(errorCodeOf(status), message);
}

const closed = fail('closed', 'the gradient was closed');
const busy = fail('busy', 'the gradient: another call is under way');

/** One call at a time: a second one meanwhile is refused with `busy`. After `close` every call answers with `closed`. */
export class GradientRun {
  /** Channels of the sound. */
  readonly channels: number;
  /** Memory that the recording and the way back will take. */
  readonly bytes: number;
  readonly #frames: number;
  #native: NativeGradient | undefined;
  #isBusy = false;

  /** Use `openGradient`. */
  constructor(native: NativeGradient, frames: number) {
    this.#native = native;
    this.channels = native.channels;
    this.bytes = native.bytes;
    this.#frames = frames;
  }

  /** Plays and records, without holding up the event loop. Errors: `memory`; `argument` for more events than fit. */
  async record(): Promise<Recording> {
    if (this.#native === undefined) {
      return closed;
    }
    const sound = new Float64Array(this.channels * this.#frames);
    const failure = await this.#alone((native) => native.record(sound));
    return failure === undefined ? { ok: true, sound } : failure;
  }

  /**
   * From the derivatives of a number by each value of the sound to those by what the plan says. Errors: `argument` before a
   * recording, and for derivatives that are not as many as the sound's values; `unsupported` with the node that has no gradient.
   */
  async backward(bySound: Float64Array): Promise<GoingBack> {
    if (this.#native === undefined) {
      return closed;
    }
    if (bySound.length !== this.channels * this.#frames) {
      const wanted = `${this.channels} channels of ${this.#frames} frames`;
      return fail('argument', `backward: ${bySound.length} derivatives; the sound has ${wanted}`);
    }
    const parameters = new Float64Array(this.#native.parameters);
    const edgeGains = new Float64Array(this.#native.edges);
    const failure = await this.#alone((native) => native.backward(bySound, parameters, edgeGains));
    return failure === undefined ? { ok: true, gradient: { parameters, edgeGains } } : failure;
  }

  /** Makes a call while no other one is under way. */
  async #alone(call: (native: NativeGradient) => Promise<NativeFailure | null>): Promise<EngineFailure | undefined> {
    if (this.#native === undefined || this.#isBusy) {
      return this.#isBusy ? busy : closed;
    }
    this.#isBusy = true;
    try {
      const failure = await call(this.#native);
      return failure === null ? undefined : failureOf(failure);
    } finally {
      this.#isBusy = false;
    }
  }

  close(): void {
    this.#native?.close();
    this.#native = undefined;
  }
}
