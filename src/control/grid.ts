// The grid on which a gate changes, in frames of the stream. The engine counts it in the same way.

import type { Literal } from '../patch/patch.js';
import type { Timing } from '../patch/units.js';

/** The first frame of a grid at or after `frame`; `frame` itself without a grid. Grid frame k is k lengths, rounded. */
export function firstGridFrame(grid: Literal, timing: Timing, frame: number): number {
  const length = gridLength(grid, timing);
  if (length === 0) {
    return frame;
  }
  const frameOf = (place: number) => Math.floor(place * length + 0.5);
  // The quotient may be off by one, through rounding of the grid's frames and of its own.
  let place = Math.max(0, Math.floor(frame / length) - 1);
  while (frameOf(place) < frame) {
    place += 1;
  }
  return frameOf(place);
}

/** In frames, not rounded; 0 is no grid. */
function gridLength({ number, unit }: Literal, { rate, tempo, meter }: Timing): number {
  const wholeNote = 240 / tempo;
  switch (unit) {
    case 'whole_notes':
      return number * wholeNote * rate;
    case 'bars':
      return ((number * wholeNote * meter.numerator) / meter.denominator) * rate;
    case 'seconds':
      return number * rate;
    case 'milliseconds':
      return (number / 1000) * rate;
    case 'frames':
      return number;
    default:
      return 0;
  }
}
