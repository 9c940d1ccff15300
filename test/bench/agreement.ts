// Whether two programs rendered the same thing: no time counts before that.

import { sampleRate, sineCount, sineFrequency } from './numbers.js';
import type { Piece } from './peers/peer.js';
import type { Channel } from './sound.js';
import { amplitudesAt, decibels, rootMeanSquare } from './sound.js';

export interface Agreement {
  readonly holds: boolean;
  /** What was compared and how far apart it is. */
  readonly finding: string;
}

/** Seconds of sound that are rendered for a comparison; the first is left out. */
export const comparedSeconds = 8;

/** dB. The same sines in the same phase: what differs is the table that a peer reads them from. */
const sineTolerance = 0.05;
/** dB. Saws differ in their highest partials, filters and envelopes in the shape of their slope, and noise is noise. */
const levelTolerance = 0.5;

/** Compares our sound with another program's, channel by channel. */
export function compare(piece: Piece, ours: readonly Channel[], theirs: readonly Channel[]): Agreement {
  const withoutStart = (channel: Channel): Channel => channel.subarray(sampleRate, comparedSeconds * sampleRate);
  return piece === 'w1' || piece === 'w1n'
    ? comparePeaks(ours.map(withoutStart), theirs.map(withoutStart))
    : compareLevels(ours.map(withoutStart), theirs.map(withoutStart), levelTolerance);
}

/** Of all values the one farthest from 0; no number where one of them is none, since nothing agrees with that. */
function farthest(values: readonly number[]): number {
  return values.reduce((far, value) => (Number.isNaN(far) || Math.abs(value) <= Math.abs(far) ? far : value), 0);
}

function compareLevels(ours: readonly Channel[], theirs: readonly Channel[], tolerance: number): Agreement {
  const differences = ours.map((channel, index) =>
    decibels(rootMeanSquare(channel), rootMeanSquare(theirs[index] ?? new Float32Array())),
  );
  const difference = farthest(differences);
  return {
    holds: Math.abs(difference) <= tolerance,
    finding: `rms ${signed(difference)} dB (at most ${tolerance})`,
  };
}

function comparePeaks(ours: readonly Channel[], theirs: readonly Channel[]): Agreement {
  const levels = compareLevels(ours, theirs, sineTolerance);
  const second = (channels: readonly Channel[]): Channel => (channels[0] ?? new Float32Array()).subarray(0, sampleRate);
  const frequencies = Array.from({ length: sineCount }, (_, index) => sineFrequency(index) / sampleRate);
  const theirAmplitudes = amplitudesAt(second(theirs), frequencies);
  const differences = amplitudesAt(second(ours), frequencies).map((amplitude, index) => {
    return decibels(amplitude, theirAmplitudes[index] ?? 0);
  });
  const difference = farthest(differences);
  return {
    holds: levels.holds && Math.abs(difference) <= sineTolerance,
    finding: `${levels.finding}; each of ${sineCount} partials within ${signed(difference)} dB (${sineTolerance})`,
  };
}

function signed(value: number): string {
  const rounded = value.toFixed(3);
  return Number(rounded) === 0 ? '0.000' : `${value < 0 ? '' : '+'}${rounded}`;
}
