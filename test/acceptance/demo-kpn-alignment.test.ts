// What patches/demo_kpn_alignment.jsonc says about itself.

import { beforeAll, describe, expect, test } from 'vitest';
import { rms } from '../measure/level.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays } from './commands.js';
import { samplesOf } from './rendering.js';

const second = 48_000;
const whole = 12 * second;
/** The tone's frequency at a frame. */
const frequencyAt = (frame: number) => 600 * 2 ** ((2 * frame) / whole - 1);
const frameOf = (frequency: number) => Math.round(((Math.log2(frequency / 600) + 1) * whole) / 2);

describe('The demo of alignment', () => {
  let sound: Sound;
  /** RMS of a channel over 20 ms around a frame. */
  const levelAt = (channel: number, frame: number) => rms(samplesOf(sound, channel, frame - 480, frame + 480));

  beforeAll(() => {
    sound = renderAsItSays('patches/demo_kpn_alignment.jsonc');
  });

  test('is on the left twice the tone at every frequency: both paths meet', () => {
    for (let frame = second; frame < whole - second; frame += second / 4) {
      expect(levelAt(0, frame) / (0.5 * Math.SQRT1_2), `${frequencyAt(frame)} Hz`).toBeCloseTo(1, 1);
    }
  });

  test.each([375, 1125])('falls silent on the right where 64 frames are half a period: %d Hz', (frequency) => {
    const frame = frameOf(frequency);
    expect(levelAt(1, frame) / levelAt(0, frame)).toBeLessThan(0.02);
  });

  test.each([500, 750, 900])('is on the right as loud as a comb of 64 frames says: at %d Hz', (frequency) => {
    const frame = frameOf(frequency);
    const comb = Math.abs(Math.cos((Math.PI * frequency * 64) / second));
    expect(levelAt(1, frame) / levelAt(0, frame)).toBeCloseTo(comb, 1);
  });
});
