// What patches/demo_kpn_hold.jsonc says about itself.

import { readFileSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import { peak } from '../measure/level.js';
import { centsBetween, measureFrequency } from '../measure/pitch.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays } from './commands.js';
import { inRepository } from './patch-files.js';
import type { PatchText } from './rendering.js';
import { render, samplesOf } from './rendering.js';
import { firstDifference } from './streams.js';

const patch = 'patches/demo_kpn_hold.jsonc';
const sampleRate = 48_000;
/** 2 ms. */
const fade = 96;
const second = 48_000;
/** The gates close and open where their signal turns, or at the next multiple of 64. */
const tick = 64;

/** Where a channel falls silent and where it sounds again, around two times. */
function silence(sound: Sound, channel: number, from: number, to: number): { begin: number; end: number } {
  const samples = samplesOf(sound, channel);
  let begin = from;
  while (samples[begin] !== 0 || samples[begin + 1] !== 0) {
    begin += 1;
  }
  let end = to;
  while (samples[end] === 0) {
    end += 1;
  }
  return { begin, end };
}

describe('The demo of held frames', () => {
  let sound: Sound;
  /** The same without gates. */
  let source: Sound;

  beforeAll(async () => {
    sound = renderAsItSays(patch);
    const { gates: _, amp: __, ...rest } = parse(readFileSync(inRepository(patch), 'utf8'));
    source = await render(rest as PatchText, { seconds: 10 });
  });

  test('is silent on both sides while the gates are closed', () => {
    for (const channel of [0, 1]) {
      for (const closed of [2, 6]) {
        const begin = closed * second + tick + fade;
        expect(peak(samplesOf(sound, channel, begin, begin + 2 * second - 2 * tick - fade))).toBe(0);
      }
    }
  });

  test('goes on on the left with the very next frame: nothing is lost and nothing twice', () => {
    const { begin, end } = silence(sound, 0, 2 * second + 2, 4 * second - tick);
    // What was last faded out is one frame before what is first faded in.
    const late = end - begin;
    expect(Math.abs(late - 2 * second)).toBeLessThan(tick + fade);
    const from = end + fade;
    const to = 6 * second;
    const heard = samplesOf(sound, 0, from, to);
    const meant = samplesOf(source, 0, from - late, to - late);
    expect(peak(heard)).toBeGreaterThan(0.2);
    expect(firstDifference(heard, meant)).toBe(-1);
  });

  test('skips on the right to what is played now', () => {
    const from = 4 * second + tick + fade;
    const heard = samplesOf(sound, 1, from, 6 * second);
    expect(peak(heard)).toBeGreaterThan(0.2);
    expect(firstDifference(heard, samplesOf(source, 1, from, 6 * second))).toBe(-1);
  });

  test.each([
    [5, 6],
    [9, 12],
  ])('is so much lower on the left after %d s as it is late: %d semitones', (at, semitones) => {
    const pitch = (channel: number, expected: number) =>
      measureFrequency(samplesOf(sound, channel, at * second, at * second + 2400), expected, sampleRate);
    const now = 200 * 2 ** ((3 * (at + 0.025)) / 12);
    const right = pitch(1, now);
    const left = pitch(0, now / 2 ** (semitones / 12));
    expect(Math.abs(centsBetween(left, right) - 100 * semitones)).toBeLessThan(5);
  });
});
