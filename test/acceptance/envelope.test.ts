// The times of an envelope, measured through the real path: MIDI file, patch, plan, engine, file.

import { beforeAll, describe, expect, test } from 'vitest';
import type { Signal } from '../measure/level.js';
import { render, sampleRate, samplesOf } from './rendering.js';

const milliseconds = sampleRate / 1000;

const noteOn = 4321;
const held = 300 * milliseconds;
const noteOff = noteOn + held;
const attack = 10 * milliseconds;
const decay = 100 * milliseconds;
const sustain = 0.5;
const release = 200 * milliseconds;

/** Below what the streamer takes for standing DC, so that it lets the envelope pass bit for bit; a power of two, so that it is exact. */
const scale = 1 / 32;

const patch = {
  nodes: {
    keys: { type: 'keys', voices: 1 },
    env: { type: 'adsr', attack: '10 ms', decay: '100 ms', sustain, release: '200 ms' },
    out: { type: 'output', channels: 1 },
  },
  edges: [
    { from: 'keys.gate', to: 'env.gate' },
    { from: 'env', to: 'out', gain: scale },
  ],
};

describe('An envelope that a note of a MIDI file opens', () => {
  let envelope: Signal;

  beforeAll(async () => {
    const sound = await render(patch, { seconds: 1, notes: [{ note: 60, frame: noteOn, frames: held }] });
    envelope = samplesOf(sound, 0).map((sample) => sample / scale);
  });

  const firstFrame = (holds: (level: number) => boolean, from = 0) =>
    from + envelope.subarray(from).findIndex((level) => holds(level));

  const distance = (found: number, expected: number) => Math.abs(found - expected);

  test('is silent until the note begins, to the frame', () => {
    expect(
      distance(
        firstFrame((level) => level > 0),
        noteOn,
      ),
    ).toBeLessThanOrEqual(1);
  });

  test('reaches 1 after its attack', () => {
    expect(
      distance(
        firstFrame((level) => level === 1),
        noteOn + attack,
      ),
    ).toBeLessThanOrEqual(1);
  });

  test('is half way after half its attack', () => {
    expect(
      distance(
        firstFrame((level) => level >= 0.5),
        noteOn + attack / 2,
      ),
    ).toBeLessThanOrEqual(1);
  });

  test('reaches its sustain level after its decay, along a cubic curve', () => {
    // The cube root of what is left falls in a straight line; the curve itself is too flat at its end to see where that is.
    const left = (frame: number) => Math.cbrt(((envelope[frame] ?? 0) - sustain) / (1 - sustain));
    const [early, late] = [noteOn + attack + decay / 4, noteOn + attack + (3 * decay) / 4];
    const end = early + (left(early) * (late - early)) / (left(early) - left(late));
    expect(distance(end, noteOn + attack + decay)).toBeLessThanOrEqual(1);
    expect(left(early)).toBeCloseTo(0.75, 2);
    expect(envelope[noteOn + attack + decay]).toBe(sustain);
  });

  test('stays there until the note ends, to the frame', () => {
    const left = firstFrame((level) => level < sustain, noteOn + attack + decay);
    expect(distance(left, noteOff)).toBeLessThanOrEqual(1);
  });

  test('reaches 0 after its release, and stays there', () => {
    const silent = firstFrame((level) => level === 0, noteOff);
    expect(distance(silent, noteOff + release)).toBeLessThanOrEqual(1);
    expect(firstFrame((level) => level !== 0, silent)).toBe(silent - 1);
  });
});
