// What a signal holds at a frequency, and at all of them.

import type { Signal } from './level.js';

/** A four-term Blackman-Harris window: side lobes at -92 dB. F. Harris, "On the use of windows ...", 1978. */
function blackmanHarris(length: number): Float64Array {
  return Float64Array.from({ length }, (_, index) => {
    const turn = (2 * Math.PI * index) / length;
    return 0.35875 - 0.48829 * Math.cos(turn) + 0.14128 * Math.cos(2 * turn) - 0.01168 * Math.cos(3 * turn);
  });
}

/** Bins to either side of a tone that its window spreads it over. */
const mainLobe = 4;

/** A complex number. */
export interface Complex {
  readonly real: number;
  readonly imaginary: number;
}

/**
 * The amplitude and phase of the tone of a frequency, as real and imaginary part; phase 0 is a cosine that begins with
 * the signal. Other tones are left out if they are four times rate / length away.
 */
export function toneAt(signal: Signal, frequency: number, sampleRate: number): Complex {
  const window = blackmanHarris(signal.length);
  const step = (2 * Math.PI * frequency) / sampleRate;
  let [real, imaginary, weight] = [0, 0, 0];
  window.forEach((each, index) => {
    const sample = each * (signal[index] ?? 0);
    real += sample * Math.cos(step * index);
    imaginary -= sample * Math.sin(step * index);
    weight += each;
  });
  return { real: (2 * real) / weight, imaginary: (2 * imaginary) / weight };
}

/** The amplitude of the tone of a frequency; see `toneAt`. */
export function amplitudeAt(signal: Signal, frequency: number, sampleRate: number): number {
  const { real, imaginary } = toneAt(signal, frequency, sampleRate);
  return Math.hypot(real, imaginary);
}

/** Amplitudes of all frequencies. */
export interface Spectrum {
  /** Hertz from one bin to the next. */
  readonly spacing: number;
  /** A tone of amplitude 1 reaches 1, in the bins around its frequency. */
  readonly amplitudes: Float64Array;
  /** How far around its frequency a tone is seen, in hertz. */
  readonly spread: number;
}

/** The spectrum of a signal; its length is a power of two. */
export function spectrumOf(signal: Signal, sampleRate: number): Spectrum {
  const length = signal.length;
  const window = blackmanHarris(length);
  const weight = window.reduce((sum, each) => sum + each, 0);
  const real = window.map((each, index) => each * (signal[index] ?? 0));
  const imaginary = new Float64Array(length);
  transform(real, imaginary);
  const amplitudes = Float64Array.from({ length: length / 2 }, (_, bin) => {
    return (2 * Math.hypot(real[bin] ?? 0, imaginary[bin] ?? 0)) / weight;
  });
  const spacing = sampleRate / length;
  return { spacing, amplitudes, spread: mainLobe * spacing };
}

/** The share of a signal's power that lies between two frequencies. Its length is a power of two. */
export function powerBetween(signal: Signal, low: number, high: number, sampleRate: number): number {
  const { spacing, amplitudes } = spectrumOf(signal, sampleRate);
  return amplitudes.reduce((sum, amplitude, bin) => {
    const frequency = bin * spacing;
    return frequency >= low && frequency < high ? sum + amplitude * amplitude : sum;
  }, 0);
}

/** The discrete Fourier transform in place, radix two: J. Cooley and J. Tukey, 1965. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const length = real.length;
  if (length < 2 || (length & (length - 1)) !== 0) {
    throw new Error(`${length} is not a power of two`);
  }
  reverseBits(real, imaginary);
  for (let half = 1; half < length; half *= 2) {
    for (let offset = 0; offset < half; offset++) {
      const angle = (-Math.PI * offset) / half;
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      for (let even = offset; even < length; even += 2 * half) {
        const odd = even + half;
        const [x, y] = [real[odd] ?? 0, imaginary[odd] ?? 0];
        const [turnedX, turnedY] = [x * cosine - y * sine, x * sine + y * cosine];
        const [stillX, stillY] = [real[even] ?? 0, imaginary[even] ?? 0];
        real[odd] = stillX - turnedX;
        imaginary[odd] = stillY - turnedY;
        real[even] = stillX + turnedX;
        imaginary[even] = stillY + turnedY;
      }
    }
  }
}

function reverseBits(real: Float64Array, imaginary: Float64Array): void {
  const length = real.length;
  for (let index = 0, reversed = 0; index < length; index++) {
    if (index < reversed) {
      for (const part of [real, imaginary]) {
        const kept = part[index] ?? 0;
        part[index] = part[reversed] ?? 0;
        part[reversed] = kept;
      }
    }
    let bit = length >> 1;
    while (bit > 0 && (reversed & bit) !== 0) {
      reversed ^= bit;
      bit >>= 1;
    }
    reversed |= bit;
  }
}
