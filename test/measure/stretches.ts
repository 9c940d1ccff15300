// Where a signal sounds and where it is silent.

import type { Signal } from './level.js';

/** A stretch of sound between two silences. */
export interface Stretch {
  /** Its first frame that is loud. */
  readonly begin: number;
  /** The frame after its last that is loud. */
  readonly end: number;
}

/**
 * The stretches of a signal that are louder than a threshold. Where it falls below for fewer frames than `silence`, a stretch goes
 * on: so a tone is one stretch although it passes through 0.
 */
export function findStretches(signal: Signal, threshold: number, silence: number): readonly Stretch[] {
  const stretches: { begin: number; end: number }[] = [];
  signal.forEach((sample, frame) => {
    if (Math.abs(sample) <= threshold) {
      return;
    }
    const last = stretches.at(-1);
    if (last !== undefined && frame - last.end < silence) {
      last.end = frame + 1;
    } else {
      stretches.push({ begin: frame, end: frame + 1 });
    }
  });
  return stretches;
}
