// What a recording of plain tones tells: which notes, when, how long.

import { loudestFrequency } from '../measure/pitch.js';
import { findStretches } from '../measure/stretches.js';
import { readWav } from '../measure/wav.js';

/** A note that was heard, and no more than that: nothing here knows what was played. */
export interface HeardNote {
  /** MIDI's number, with a fraction that is how far it is off: 0.01 is a cent. */
  readonly note: number;
  /** When it begins, counted from the begin of the recording. */
  readonly begin: number;
  /** How long it sounds. */
  readonly seconds: number;
}

/** Far below the level of a note, and above the noise of any card. */
const silent = 0.01;
/** A note goes on over a silence of less, in seconds: a tone passes through 0. */
const shortestSilence = 0.01;

/** The notes of a WAV file, one after the other. Notes that sound at once are heard as one. */
export function hearNotes(wav: Uint8Array): readonly HeardNote[] {
  const { channels, sampleRate } = readWav(wav);
  const [left = new Float32Array()] = channels;
  return findStretches(left, silent, shortestSilence * sampleRate).map(({ begin, end }) => ({
    note: 69 + 12 * Math.log2(loudestFrequency(left.subarray(begin, end), sampleRate) / 440),
    begin: begin / sampleRate,
    seconds: (end - begin) / sampleRate,
  }));
}
