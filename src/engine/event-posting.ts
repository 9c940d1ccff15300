// What every running plan takes: events for its nodes.

import type { EngineFailure } from './error.js';
import { errorCodeOf, fail } from './error.js';
import type { StreamEvent } from './event.js';
import { eventFields, findUnfitField } from './event.js';
import type { NativeEventTarget } from './native.js';

export type EventPosting = { readonly ok: true; readonly sequence: number } | EngineFailure;

export type NodeFinding = { readonly ok: true; readonly node: number } | EngineFailure;

/** Hands over an event. Errors: `argument`; `full`. */
export function postEvent(target: NativeEventTarget, event: StreamEvent): EventPosting {
  const fields = eventFields(event);
  const unfit = findUnfitField(event.type, fields);
  if (unfit !== undefined) {
    return unfit;
  }
  const { frame, kind, channel, note, node, parameter, value, rate, acceleration, area, plan, atOnce } = fields;
  const limits = [rate, acceleration, area] as const;
  const answer = target.post(frame, kind, channel, note, node, parameter, value, ...limits, plan, atOnce);
  if (answer >= 0) {
    return { ok: true, sequence: answer };
  }
  const code = errorCodeOf(-answer);
  const reason = code === 'full' ? 'the queue of events is full' : `out of range in ${JSON.stringify(event)}`;
  return fail(code, `event ${event.type}: ${reason}`);
}

/** The index of the node that the patch calls `id`. Errors: `not_found`. */
export function findNodeOf(target: NativeEventTarget, id: string): NodeFinding {
  const node = target.findNode(id);
  return node < 0 ? fail('not_found', `the plan has no node "${id}"`) : { ok: true, node };
}
