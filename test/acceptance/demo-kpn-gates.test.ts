// What patches/demo_kpn_gates.jsonc says about itself.

import { beforeAll, describe, expect, test } from 'vitest';
import { findClicks } from '../measure/clicks.js';
import { peak } from '../measure/level.js';
import { centsBetween, measureFrequency } from '../measure/pitch.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays } from './commands.js';
import { samplesOf } from './rendering.js';

const patch = 'patches/demo_kpn_gates.jsonc';
const sampleRate = 48_000;
/** 2 ms. */
const fade = 96;
/** The first multiples of 64 behind 0.75 s and 1.75 s, where the signal turns. */
const cut = { closes: 36_032, opens: 84_032 };
const beat = { closes: 48_000, opens: 96_000 };
/** A sample of a sine at 0.25 that is not near a crossing: what a few frames always reach. */
const audible = 0.2;

describe('The demo of gates', () => {
  let sound: Sound;

  beforeAll(() => {
    sound = renderAsItSays(patch);
  });

  test.each([
    ['left', 0, cut],
    ['right', 1, beat],
  ] as const)('mutes the %s side on its exact frames', (_side, channel, { closes, opens }) => {
    expect(peak(samplesOf(sound, channel, closes - 400, closes))).toBeGreaterThan(audible);
    expect(peak(samplesOf(sound, channel, closes + fade, opens))).toBe(0);
    expect(peak(samplesOf(sound, channel, opens + fade, opens + fade + 400))).toBeGreaterThan(audible);
  });

  test('fades for 96 frames, along a straight line', () => {
    // Both sides have the same tone; where one fades and the other does not, their ratio is the weight.
    const { closes } = cut;
    const left = samplesOf(sound, 0, closes, closes + fade);
    const right = samplesOf(sound, 1, closes, closes + fade);
    const errors = left.map((sample, frame) => sample - (right[frame] ?? 0) * ((fade - 1 - frame) / fade));
    expect(peak(right)).toBeGreaterThan(0.05);
    expect(peak(errors)).toBeLessThan(1e-7);
  });

  test('clicks nowhere', () => {
    for (const channel of [0, 1]) {
      // The file itself begins and ends in the middle of a tone.
      const inside = ({ frame }: { frame: number }) => frame > fade && frame < sound.frames - fade;
      expect(findClicks(samplesOf(sound, channel)).filter(inside)).toEqual([]);
    }
  });

  test('lets the pitch glide for two seconds, and then stand still', () => {
    // 330 Hz, and 60 Hz times a sine of three seconds.
    const pitchAt = (seconds: number) => 330 + 60 * Math.sin((2 * Math.PI * seconds) / 3);
    const measured = (begin: number, expected: number) =>
      measureFrequency(samplesOf(sound, 1, begin, begin + 2400), expected, sampleRate);
    for (const begin of [2400, 12_000, 24_000, 45_000]) {
      const expected = pitchAt((begin + 1200) / sampleRate);
      expect(Math.abs(centsBetween(expected, measured(begin, expected)))).toBeLessThan(5);
    }
    const frozen = pitchAt(2);
    const stands = [97_000, 115_000, 130_000, 141_000].map((begin) => measured(begin, frozen));
    for (const pitch of stands) {
      expect(Math.abs(centsBetween(frozen, pitch))).toBeLessThan(1);
      expect(Math.abs(centsBetween(pitch, stands[0] ?? 0))).toBeLessThan(0.01);
    }
  });
});
