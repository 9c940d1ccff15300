// What patches/glass_pad.jsonc says about itself, and that it is fit to be the first thing that anyone hears.

import { beforeAll, describe, expect, test } from 'vitest';
import { findClicks } from '../measure/clicks.js';
import { decibels, largestJump, mean, peak, rms } from '../measure/level.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays } from './commands.js';
import { inRepository } from './patch-files.js';
import { render, sampleRate, samplesOf } from './rendering.js';

/** Of the piece: twelve bars of four beats at 96 beats a minute. */
const musicEnds = 30;

/**
 * The steepest that the loudest moment can be: of its bells, three strike together at most, each 0.085 high, at most 5.3 kHz and
 * a quarter of that at 9.2 kHz; echoes and hall may double them; all else is filtered to a tenth of that slope.
 */
const steepest = 0.2;

describe('The glass pad', () => {
  let sound: Sound;

  const between = (channel: number, begin: number, end: number) =>
    samplesOf(sound, channel, Math.round(begin * sampleRate), Math.round(end * sampleRate));

  beforeAll(() => {
    sound = renderAsItSays('patches/glass_pad.jsonc');
  });

  test('is heard within a tenth of a second', () => {
    for (const channel of [0, 1]) {
      expect(decibels(rms(between(channel, 0, 0.1)))).toBeGreaterThan(-45);
    }
  });

  test('plays at a good level', () => {
    for (const channel of [0, 1]) {
      const level = decibels(rms(between(channel, 0, musicEnds)));
      expect(level).toBeGreaterThan(-23);
      expect(level).toBeLessThan(-17);
    }
  });

  test('never comes near full scale', () => {
    for (const channel of [0, 1]) {
      expect(decibels(peak(samplesOf(sound, channel)))).toBeLessThan(-3);
    }
  });

  test('never falls silent while the music lasts', () => {
    for (let begin = 0; begin < musicEnds; begin++) {
      expect(decibels(rms(between(0, begin, begin + 1)))).toBeGreaterThan(-30);
    }
  });

  test('has no DC', () => {
    for (const channel of [0, 1]) {
      expect(Math.abs(mean(samplesOf(sound, channel)))).toBeLessThan(1e-4);
    }
  });

  test('has no step that its tones could not make', () => {
    for (const channel of [0, 1]) {
      expect(largestJump(samplesOf(sound, channel))).toBeLessThan(steepest);
    }
  });

  test('has no click, though voices are stolen', () => {
    for (const channel of [0, 1]) {
      expect(findClicks(samplesOf(sound, channel))).toEqual([]);
    }
  });

  test('moves: what is left and what is right differ, and change places', () => {
    const leaning = Array.from({ length: musicEnds }, (_, second) =>
      decibels(rms(between(0, second, second + 1)) / rms(between(1, second, second + 1))),
    );
    expect(Math.max(...leaning)).toBeGreaterThan(0.5);
    expect(Math.min(...leaning)).toBeLessThan(-0.5);
  });

  test('rings for seconds after its last chord, and ends in silence', () => {
    expect(decibels(rms(between(0, musicEnds + 1, musicEnds + 2)))).toBeGreaterThan(-60);
    const end = sound.frames / sampleRate;
    expect(decibels(rms(between(0, end - 0.1, end)))).toBeLessThan(-80);
  });
});

test('The glass pad stays below its ceiling of -0.3 dB when all its voices are struck at full force', async () => {
  const cluster = Array.from({ length: 16 }, (_, key) => ({
    note: 50 + key,
    frame: 0,
    frames: sampleRate,
    velocity: 127,
  }));
  const sound = await render(inRepository('patches/glass_pad.jsonc'), { seconds: 2, notes: cluster });
  for (const channel of [0, 1]) {
    expect(decibels(peak(samplesOf(sound, channel)))).toBeGreaterThan(-6);
    expect(decibels(peak(samplesOf(sound, channel)))).toBeLessThanOrEqual(-0.3);
  }
});
