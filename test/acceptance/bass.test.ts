// What patches/bass.jsonc says about itself.

import { beforeAll, describe, expect, test } from 'vitest';
import { decibels, peak, rms } from '../measure/level.js';
import { centsBetween, measureFrequency } from '../measure/pitch.js';
import { powerBetween } from '../measure/spectrum.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays } from './commands.js';
import { sampleRate, samplesOf } from './rendering.js';

/** Of its riff: at 112 beats a minute. */
const bar = (4 * 60) / 112;

/** The last note of the riff: D2, struck in the middle of the fourth bar and held for most of what is left of it. */
const lastNote = { begin: 3.5 * bar, end: 3.9 * bar, frequency: 440 * 2 ** ((38 - 69) / 12) };

describe('The bass', () => {
  let sound: Sound;

  const from = (begin: number, frames: number) => {
    const frame = Math.round(begin * sampleRate);
    return samplesOf(sound, 0, frame, frame + frames);
  };

  beforeAll(() => {
    sound = renderAsItSays('patches/bass.jsonc');
  });

  test('plays its notes at their pitch, to half a cent', () => {
    const begin = lastNote.begin + 0.2;
    const held = from(begin, Math.round((lastNote.end - begin) * sampleRate));
    const measured = measureFrequency(held, lastNote.frequency, sampleRate);
    expect(Math.abs(centsBetween(lastNote.frequency, measured))).toBeLessThan(0.5);
  });

  test('is loud, but never near full scale', () => {
    expect(decibels(rms(from(0, sound.frames)))).toBeGreaterThan(-20);
    expect(decibels(peak(from(0, sound.frames)))).toBeLessThan(-3);
  });

  test('snaps: a note is bright when it is struck and dull soon after', () => {
    const treble = (begin: number) => powerBetween(from(begin, 4096), 1000, 20_000, sampleRate);
    const fall = 10 * Math.log10(treble(lastNote.begin + 0.3) / treble(lastNote.begin));
    expect(fall).toBeLessThan(-20);
  });

  test('barks at hard notes and hums at soft ones', () => {
    // Two notes of the same pitch in the first bar: the first of velocity 120, the second of 84, three sixteenths later.
    const [hard, soft] = [from(0, 4096), from((bar * 3) / 16, 4096)];
    const treble =
      10 * Math.log10(powerBetween(soft, 1000, 20_000, sampleRate) / powerBetween(hard, 1000, 20_000, sampleRate));
    expect(treble).toBeLessThan(-6);
    expect(decibels(rms(soft) / rms(hard))).toBeLessThan(-2);
  });

  test('has one voice: a note that is struck ends the one before', () => {
    // D3 at 6/16 of the first bar is followed at once by C3; a twentieth of a second later nothing is left of it.
    const after = from((bar * 7) / 16 + 0.03, 4096);
    const frequencies = { ended: 440 * 2 ** ((50 - 69) / 12), sounding: 440 * 2 ** ((48 - 69) / 12) };
    const measured = measureFrequency(after, frequencies.sounding, sampleRate);
    expect(Math.abs(centsBetween(frequencies.sounding, measured))).toBeLessThan(20);
  });

  test('falls silent after its last note', () => {
    expect(decibels(rms(from(sound.frames / sampleRate - 0.1, 4800)))).toBeLessThan(-90);
  });
});
