// What patches/demo_kpn_spectral.jsonc says about itself.

import { beforeAll, describe, expect, test } from 'vitest';
import { findClicks } from '../measure/clicks.js';
import { decibels, peak, rms } from '../measure/level.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays } from './commands.js';
import { samplesOf } from './rendering.js';

const second = 48_000;
const size = 1024;
const hop = 256;
/** All is heard so many frames later: a window, and the hop in which its token comes. */
const latency = size + hop;
/** The first token behind the change of the signal, a multiple of the hop in the material, as it is heard. */
const tokenAfter = (frame: number) => Math.ceil(frame / hop) * hop + latency;

describe('The demo of spectra', () => {
  let sound: Sound;

  beforeAll(() => {
    sound = renderAsItSays('patches/demo_kpn_spectral.jsonc');
  });

  test.each([0, 2, 4])('gives back within -120 dB what nobody changed, in second %d', (begin) => {
    const from = tokenAfter(begin * second);
    const to = tokenAfter((begin + 1) * second) - size;
    expect(decibels(rms(samplesOf(sound, 0, from, to)))).toBeGreaterThan(-20);
    expect(decibels(peak(samplesOf(sound, 1, from, to)))).toBeLessThan(-120);
  });

  test.each([1, 3, 5])(
    'is silent on the left in second %d, once the last window has run out, and not before',
    (begin) => {
      const closed = tokenAfter(begin * second);
      const opened = tokenAfter((begin + 1) * second);
      expect(peak(samplesOf(sound, 0, closed - hop, opened - size))).toBe(0);
      expect(peak(samplesOf(sound, 0, closed - size, closed - 2 * hop))).toBeGreaterThan(0.02);
      expect(decibels(rms(samplesOf(sound, 1, closed, opened - size)))).toBeGreaterThan(-20);
    },
  );

  test('clicks nowhere', () => {
    const inside = ({ frame }: { frame: number }) => frame > 96 && frame < sound.frames - 96;
    // A tone alone would show them best, but in noise a click of a torn token stands out too.
    expect(findClicks(samplesOf(sound, 0)).filter(inside)).toEqual([]);
  });
});
