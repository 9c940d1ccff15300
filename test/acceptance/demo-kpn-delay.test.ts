// What patches/demo_kpn_delay.jsonc says about itself.

import { beforeAll, describe, expect, test } from 'vitest';
import { peak } from '../measure/level.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays, runCommand } from './commands.js';
import { commandsIn, openingComment } from './patch-files.js';
import { samplesOf } from './rendering.js';

const patch = 'patches/demo_kpn_delay.jsonc';
/** At 60 beats a minute and 48000 frames a second. */
const beat = 48_000;
const delay = 12_000;
/** Three thirty-seconds of a whole note. */
const softDelay = (4 * beat * 3) / 32;

describe('The demo of a delay', () => {
  let sound: Sound;

  beforeAll(() => {
    sound = renderAsItSays(patch);
  });

  test('ticks on the left at once, on every beat, and is silent before the next delay', () => {
    for (let begin = 0; begin < sound.frames; begin += beat) {
      expect(peak(samplesOf(sound, 0, begin, begin + 480))).toBeGreaterThan(0.3);
      expect(peak(samplesOf(sound, 0, begin + 480, begin + delay))).toBe(0);
    }
  });

  test('repeats the left channel on the right exactly 12000 frames later, bit for bit', () => {
    const left = samplesOf(sound, 0, 0, softDelay - delay);
    const right = samplesOf(sound, 1, delay, softDelay);
    expect(peak(left)).toBeGreaterThan(0.3);
    expect([...right]).toEqual([...left]);
  });

  test('is silent on the right for 12000 frames', () => {
    expect(peak(samplesOf(sound, 1, 0, delay))).toBe(0);
  });

  test('repeats the tick softly, and as loud on both sides, exactly three thirty-seconds later', () => {
    const tick = samplesOf(sound, 0, 0, 480);
    const softness = 0.25 * Math.SQRT1_2;
    for (const channel of [0, 1]) {
      const soft = samplesOf(sound, channel, softDelay, softDelay + 480);
      const error = soft.map((sample, frame) => sample - softness * (tick[frame] ?? 0));
      expect(peak(soft)).toBeGreaterThan(0.05);
      expect(peak(error)).toBeLessThan(1e-6);
    }
  });

  test('shows its delays in frames with the other command that it names', () => {
    const [, show] = commandsIn(openingComment(patch));
    const { exitCode, output } = runCommand(show ?? []);
    expect(exitCode).toBe(0);
    expect(output).toContain(`${delay}`);
    expect(output).toContain(`${softDelay}`);
  });
});
