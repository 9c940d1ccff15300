// From ticks to seconds.

import type { MidiDivision } from './midi-chunks.js';

/** From this tick on a quarter note takes so long. */
export interface TempoChange {
  readonly tick: number;
  readonly microsecondsPerQuarter: number;
}

/** The seconds at which a tick falls. */
export type TickClock = (tick: number) => number;

/** What a file plays at until it says otherwise: 120 quarter notes a minute. */
const usualTempo = 500_000;

const microsecondsPerSecond = 1_000_000;

/**
 * The clock of a file. Changes are in the order of their ticks; of those on one tick the last holds. Each time is one
 * division of whole numbers, so no error builds up over a long piece; it is NaN where those numbers are too large to be exact.
 */
export function makeTickClock(division: MidiDivision, changes: readonly TempoChange[]): TickClock {
  if (division.type === 'timecode') {
    const [numerator, denominator] = division.framesPerSecond;
    return (tick) => exact(tick * denominator) / (numerator * division.ticksPerFrame);
  }
  const spans = [{ tick: 0, elapsed: 0, microsecondsPerQuarter: usualTempo }];
  for (const { tick, microsecondsPerQuarter } of changes) {
    const last = spans[spans.length - 1];
    const elapsed = last === undefined ? 0 : last.elapsed + (tick - last.tick) * last.microsecondsPerQuarter;
    spans.push({ tick, elapsed: exact(elapsed), microsecondsPerQuarter });
  }
  const perSecond = division.ticksPerQuarter * microsecondsPerSecond;
  return (tick) => {
    const span = spans[lastSpanAt(spans, tick)];
    return span === undefined ? 0 : exact(span.elapsed + (tick - span.tick) * span.microsecondsPerQuarter) / perSecond;
  };
}

/** Index of the last span that begins at or before the tick. */
function lastSpanAt(spans: readonly { readonly tick: number }[], tick: number): number {
  let first = 0;
  let last = spans.length - 1;
  while (first < last) {
    const middle = Math.ceil((first + last) / 2);
    if ((spans[middle]?.tick ?? 0) <= tick) {
      first = middle;
    } else {
      last = middle - 1;
    }
  }
  return first;
}

function exact(count: number): number {
  return count <= Number.MAX_SAFE_INTEGER ? count : Number.NaN;
}
