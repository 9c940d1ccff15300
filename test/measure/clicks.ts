// Clicks: sudden energy at the top of the spectrum, where music has next to none.

import type { Signal } from './level.js';

/** A place where the treble rises suddenly. */
export interface Click {
  readonly frame: number;
  /** By how much the treble there is louder than around it. */
  readonly ratio: number;
}

const halfTaps = 64;
/** In cycles a frame: 14 kHz at 48 kHz. */
const lowestTreble = 0.29;
/** In frames: a click is this long, and is heard against so much around it. */
const clickLength = 48;
const surroundings = 4800;
/** Below this a click cannot be heard: -90 dB. */
const inaudible = 3e-5;
/** Noise never rises so far above itself within a click's length. */
const suddenRise = 4;

/** All places where the treble of a millisecond is four times as loud as in the tenth of a second around it. */
export function findClicks(signal: Signal): readonly Click[] {
  const treble = highPass(signal);
  const sums = new Float64Array(treble.length + 1);
  treble.forEach((sample, index) => {
    sums[index + 1] = (sums[index] ?? 0) + sample * sample;
  });
  const levelFrom = (begin: number, end: number) => {
    const [first, last] = [Math.max(0, begin), Math.min(treble.length, end)];
    return Math.sqrt(((sums[last] ?? 0) - (sums[first] ?? 0)) / (last - first));
  };
  const clicks: Click[] = [];
  for (let frame = 0; frame + clickLength <= treble.length; frame += clickLength / 2) {
    const middle = frame + clickLength / 2;
    const around = levelFrom(middle - surroundings / 2, middle + surroundings / 2);
    const ratio = levelFrom(frame, frame + clickLength) / Math.max(around, inaudible);
    if (ratio > suddenRise) {
      clicks.push({ frame, ratio });
    }
  }
  return clicks;
}

/** A sinc of linear phase under a Blackman window, which keeps what is below at -74 dB. Before and after the signal is silence. */
function highPass(signal: Signal): Float64Array {
  const taps = Float64Array.from({ length: 2 * halfTaps + 1 }, (_, index) => {
    const distance = index - halfTaps;
    const turn = (Math.PI * distance) / halfTaps;
    const window = 0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn);
    const low =
      distance === 0 ? 2 * lowestTreble : Math.sin(2 * Math.PI * lowestTreble * distance) / (Math.PI * distance);
    return window * ((distance === 0 ? 1 : 0) - low);
  });
  return Float64Array.from({ length: signal.length }, (_, frame) => {
    let sum = 0;
    for (let tap = 0; tap < taps.length; tap++) {
      sum += (taps[tap] ?? 0) * (signal[frame + halfTaps - tap] ?? 0);
    }
    return sum;
  });
}
