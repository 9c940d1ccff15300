import { expect, test } from 'vitest';
import { compare, comparedSeconds } from '../bench/agreement.js';
import { sampleRate, sineFrequency } from '../bench/numbers.js';
import type { Channel } from '../bench/sound.js';

const length = comparedSeconds * sampleRate;

function tone(frequency: number, amplitude: number): Channel {
  return Float32Array.from({ length }, (_, frame) => {
    return amplitude * Math.sin((2 * Math.PI * frequency * frame) / sampleRate);
  });
}

function added(a: Channel, b: Channel): Channel {
  return a.map((sample, frame) => sample + (b[frame] ?? 0));
}

test('sounds of one level agree', () => {
  expect(compare('w4', [tone(440, 0.5)], [tone(440, 0.51)]).holds).toBe(true);
});

test('a sound that is 1 dB louder in one channel does not agree', () => {
  const quiet = tone(440, 0.5);
  expect(compare('w4', [quiet, tone(440, 0.561)], [quiet, quiet]).holds).toBe(false);
});

test('silence does not agree with sound', () => {
  expect(compare('w3', [new Float32Array(length)], [tone(440, 0.5)]).holds).toBe(false);
});

test.each([
  ['nothing at all', [new Float32Array(), new Float32Array()]],
  ['nothing in its first channel', [new Float32Array(), tone(440, 0.5)]],
  ['sounds that end at once', [tone(440, 0.5).subarray(0, 100), tone(440, 0.5).subarray(0, 100)]],
  ['one channel for two', [tone(440, 0.5)]],
])('a sound does not agree with %s', (_, theirs) => {
  const ours = tone(440, 0.5);
  expect(compare('w2', [ours, ours], theirs).holds).toBe(false);
});

test('sums of sines of one level do not agree where a partial differs', () => {
  const [low, high] = [sineFrequency(10), sineFrequency(200)];
  const ours = added(tone(low, 0.4), tone(high, 0.3));
  const theirs = added(tone(low, 0.3), tone(high, 0.4));
  expect(compare('w1', [ours], [theirs]).holds).toBe(false);
});
