// What patches/demo_kpn_feedback.jsonc says about itself.

import { beforeAll, describe, expect, test } from 'vitest';
import { decibels, peak, rms } from '../measure/level.js';
import { centsBetween, measureFrequency } from '../measure/pitch.js';
import { powerBetween } from '../measure/spectrum.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays, runCommand } from './commands.js';
import { commandsIn, openingComment } from './patch-files.js';
import { samplesOf } from './rendering.js';

const patch = 'patches/demo_kpn_feedback.jsonc';
const sampleRate = 48_000;
const beat = 48_000;
/** A burst of noise lasts 10 ms. */
const burst = 480;

/** One lap of the string lasts a period: its delay, and what its one-pole filter of 6.5 kHz holds the tone back. */
function pitchOfString(): number {
  const lapDelay = 217;
  const corner = Math.tan((Math.PI * 6500) / sampleRate);
  let frequency = sampleRate / lapDelay;
  for (let round = 0; round < 50; round++) {
    const heldBack = Math.atan(Math.tan((Math.PI * frequency) / sampleRate) / corner) / (2 * Math.PI * frequency);
    frequency = 1 / (lapDelay / sampleRate + heldBack);
  }
  return frequency;
}

describe('The demo of feedback', () => {
  let sound: Sound;

  beforeAll(() => {
    sound = renderAsItSays(patch);
  });

  test('the comb repeats each frame three frames later, upside down, at 99 %, once nothing new enters', () => {
    for (let begin = burst; begin < sound.frames; begin += beat) {
      const ringing = samplesOf(sound, 0, begin, begin + 100);
      const error = ringing.map((sample, frame) => (frame < 3 ? 0 : sample + 0.99 * (ringing[frame - 3] ?? 0)));
      expect(peak(ringing)).toBeGreaterThan(0.01);
      expect(peak(error)).toBeLessThan(1e-7);
    }
  });

  test('the comb rings at 8 kHz and swallows 16 kHz', () => {
    const struck = samplesOf(sound, 0, 0, 512);
    const around = (frequency: number) => powerBetween(struck, frequency - 500, frequency + 500, sampleRate);
    expect(10 * Math.log10(around(8000) / around(16_000))).toBeGreaterThan(20);
  });

  test('the comb is silent well before the next beat', () => {
    expect(peak(samplesOf(sound, 0, beat / 2, beat))).toBeLessThan(1e-9);
  });

  test('the string sounds an A of 220 Hz, as long as one lap of its loop, to a tenth of a cent', () => {
    const ringing = samplesOf(sound, 1, burst + 2400, beat);
    const pitch = measureFrequency(ringing, pitchOfString(), sampleRate);
    expect(Math.abs(centsBetween(pitchOfString(), pitch))).toBeLessThan(0.1);
    expect(Math.abs(centsBetween(220, pitch))).toBeLessThan(1);
  });

  test('the string fades by 0.4 % a lap and by what its filter takes', () => {
    const [early, late] = [beat / 4, (3 * beat) / 4];
    const level = (begin: number) => rms(samplesOf(sound, 1, begin, begin + 2400));
    const fall = decibels(level(late) / level(early));
    const laps = ((late - early) / sampleRate) * pitchOfString();
    const withoutFilter = laps * decibels(0.996);
    expect(fall).toBeLessThan(withoutFilter);
    expect(fall).toBeGreaterThan(withoutFilter - 12);
  });

  test('shows the steps of both loops with the other command that it names', () => {
    const [, show] = commandsIn(openingComment(patch));
    const { exitCode, output } = runCommand(show ?? []);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/comb .* 2 \(loop\)/);
    expect(output).toMatch(/string .* 128 \(loop\)/);
  });
});
