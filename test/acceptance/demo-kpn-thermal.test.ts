// What patches/demo_kpn_thermal.jsonc says about itself.

import { beforeAll, describe, expect, test } from 'vitest';
import { rms } from '../measure/level.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays } from './commands.js';
import { samplesOf } from './rendering.js';

const patch = 'patches/demo_kpn_thermal.jsonc';
const second = 48_000;

/** How bright: the level of the steps from sample to sample against that of the samples. */
function brightness(sound: Sound, channel: number, begin: number): number {
  const samples = samplesOf(sound, channel, begin, begin + second / 4);
  const steps = samples.subarray(1).map((sample, place) => sample - (samples[place] ?? 0));
  return rms(steps) / rms(samples);
}

describe('The demo of heat', () => {
  let sound: Sound;

  beforeAll(() => {
    sound = renderAsItSays(patch);
  });

  test('gets duller on the left while a burst lasts, and is as bright again in the next one', () => {
    const [begin, end, next] = [0.1, 1.7, 4.1].map((at) => brightness(sound, 0, at * second));
    expect(end).toBeLessThan(0.9 * (begin ?? 0));
    expect(next).toBeGreaterThan(1.05 * (end ?? 0));
  });

  test('is silent on the left between the bursts', () => {
    expect(rms(samplesOf(sound, 0, 2.5 * second, 3.5 * second))).toBeLessThan(1e-3);
  });

  test('sinks on the right to two fifths', () => {
    const [loud, soft] = [0, 10].map((at) => rms(samplesOf(sound, 1, at * second, (at + 0.1) * second)));
    expect((soft ?? 0) / (loud ?? 1)).toBeGreaterThan(0.35);
    expect((soft ?? 0) / (loud ?? 1)).toBeLessThan(0.45);
  });

  test('sinks without a click: no step is greater than those of the tone at its loudest', () => {
    const tone = samplesOf(sound, 1, 0, 2 * second);
    const steepest = (begin: number, end: number) =>
      Math.max(...tone.subarray(begin + 1, end).map((sample, place) => Math.abs(sample - (tone[begin + place] ?? 0))));
    expect(steepest(4800, 2 * second)).toBeLessThanOrEqual(1.001 * steepest(480, 4800));
  });
});
