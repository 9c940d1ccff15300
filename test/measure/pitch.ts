// The frequency of a steady tone, far below a cent.

import type { Signal } from './level.js';
import { spectrumOf, toneAt } from './spectrum.js';

/** From one frequency to another, in cents: hundredths of a semitone. */
export function centsBetween(from: number, to: number): number {
  return 1200 * Math.log2(to / from);
}

/**
 * The frequency of the tone near `expected`: by how much its phase runs ahead between two stretches of the signal. The phase may
 * run ahead by half a turn at most: by rate / signal length hertz, roughly.
 */
export function measureFrequency(signal: Signal, expected: number, sampleRate: number): number {
  const stretch = Math.floor(signal.length / 2);
  const begin = signal.length - stretch;
  const first = toneAt(signal.subarray(0, stretch), expected, sampleRate);
  const second = toneAt(signal.subarray(begin), expected, sampleRate);
  const turn = (tone: typeof first) => Math.atan2(tone.imaginary, tone.real) / (2 * Math.PI);
  const ahead = turn(second) - turn(first) - (expected * begin) / sampleRate;
  return expected + ((ahead - Math.round(ahead)) * sampleRate) / begin;
}

/** The frequency of the loudest steady tone, found without knowing what to expect. */
export function loudestFrequency(signal: Signal, sampleRate: number): number {
  const length = 2 ** Math.floor(Math.log2(signal.length));
  const { spacing, amplitudes } = spectrumOf(signal.subarray(0, length), sampleRate);
  const bin = amplitudes.reduce((loudest, each, index) => (each > (amplitudes[loudest] ?? 0) ? index : loudest), 0);
  return measureFrequency(signal.subarray(0, length), bin * spacing, sampleRate);
}
