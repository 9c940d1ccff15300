// How loud a signal is, and how far it jumps.

/** Samples of one channel. */
export type Signal = Float32Array | Float64Array;

/** A ratio of amplitudes in decibels. */
export function decibels(ratio: number): number {
  return 20 * Math.log10(ratio);
}

/** The root of the mean square; 1 is full scale. */
export function rms(signal: Signal): number {
  let sum = 0;
  for (const sample of signal) {
    sum += sample * sample;
  }
  return Math.sqrt(sum / signal.length);
}

/** The largest magnitude. Not a number where a sample is none. */
export function peak(signal: Signal): number {
  let largest = 0;
  for (const sample of signal) {
    largest = Math.max(largest, Math.abs(sample));
  }
  return largest;
}

/** The mean: what stands still. */
export function mean(signal: Signal): number {
  let sum = 0;
  for (const sample of signal) {
    sum += sample;
  }
  return sum / signal.length;
}

/** The largest step from a sample to the next. */
export function largestJump(signal: Signal): number {
  let largest = 0;
  let last = signal[0] ?? 0;
  for (const sample of signal) {
    largest = Math.max(largest, Math.abs(sample - last));
    last = sample;
  }
  return largest;
}
