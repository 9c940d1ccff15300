// Events as the engine applied them: what a journal keeps.

import type { HandOverEvent, StreamEvent } from './event.js';
import { streamEventOf } from './event.js';

export interface AppliedEvent {
  /** Its frame is the one at which it took effect. */
  readonly event: StreamEvent | HandOverEvent;
  /** The number that `post` gave; events of one frame apply in this order. A hand-over has none of its own. */
  readonly sequence: number;
  /** It was posted for a frame that was sealed already. */
  readonly wasLate: boolean;
}

const numbersAnEvent = 14;

/** Reads what `appliedEvents` of the addon gives. */
export function appliedEventsOf(numbers: Float64Array): readonly AppliedEvent[] {
  return Array.from({ length: numbers.length / numbersAnEvent }, (_, index) => {
    const row = numbers.subarray(index * numbersAnEvent, (index + 1) * numbersAnEvent);
    const [frame = 0, kind = 0, channel = 0, note = 0, node = 0, parameter = 0, value = 0, ...rest] = row;
    const [rate = 0, acceleration = 0, area = 0, plan = 0, sequence = 0, wasLate = 0, atOnce = 0] = rest;
    const fields = { frame, kind, channel, note, node, parameter, value, rate, acceleration, area, plan, atOnce };
    const event = streamEventOf(fields);
    return { event, sequence, wasLate: wasLate !== 0 };
  });
}
