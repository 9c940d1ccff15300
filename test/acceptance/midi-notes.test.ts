// Notes of a MIDI file sound on their frames, at their pitches, as loud as they were struck.

import { beforeAll, describe, expect, test } from 'vitest';
import { decibels, peak, rms } from '../measure/level.js';
import { centsBetween, measureFrequency } from '../measure/pitch.js';
import type { Sound } from '../measure/wav.js';
import { render, sampleRate, samplesOf } from './rendering.js';

const length = 24_000;

const notes = [
  { note: 45, frame: 1, frames: length, velocity: 127 },
  { note: 60, frame: 30_001, frames: length, velocity: 32 },
  { note: 69, frame: 60_063, frames: length, velocity: 64 },
  { note: 100, frame: 90_064, frames: length, velocity: 96 },
];

/** A cosine that begins and ends at once: its first frame is its loudest. */
const patch = {
  nodes: {
    keys: { type: 'keys' },
    tone: { type: 'sine', phase: 0.25 },
    env: { type: 'adsr', attack: 0, decay: 0, sustain: 1, release: 0 },
    vca: { type: 'gain', gain: 0 },
    out: { type: 'output', channels: 1 },
  },
  edges: [
    { from: 'keys.freq', to: 'tone.freq' },
    { from: 'keys.gate', to: 'env.gate' },
    { from: 'tone', to: 'vca' },
    { from: 'env', to: 'vca.gain', depth: 0.5 },
    { from: 'keys.velocity', to: 'vca.gain', mode: 'scale' },
    { from: 'vca', to: 'out' },
  ],
};

describe('A note of a MIDI file', () => {
  let sound: Sound;

  beforeAll(async () => {
    sound = await render(patch, { seconds: 3, notes });
  });

  test.each(notes)('$note begins on its frame $frame', ({ frame, velocity }) => {
    expect(peak(samplesOf(sound, 0, frame - 1, frame))).toBe(0);
    expect(samplesOf(sound, 0, frame, frame + 1)[0]).toBeCloseTo((0.5 * velocity) / 127, 4);
  });

  test.each(notes)('$note ends on its frame', ({ frame, frames }) => {
    expect(peak(samplesOf(sound, 0, frame + frames - 200, frame + frames))).toBeGreaterThan(0.1);
    expect(peak(samplesOf(sound, 0, frame + frames, frame + frames + 4800))).toBe(0);
  });

  test.each(notes)('$note has its pitch within a tenth of a cent', ({ note, frame, frames }) => {
    const frequency = 440 * 2 ** ((note - 69) / 12);
    const measured = measureFrequency(samplesOf(sound, 0, frame, frame + frames), frequency, sampleRate);
    expect(Math.abs(centsBetween(frequency, measured))).toBeLessThan(0.1);
  });

  test.each(notes)('$note is as loud as it was struck, $velocity of 127', ({ frame, velocity }) => {
    const level = rms(samplesOf(sound, 0, frame, frame + length));
    expect(Math.abs(decibels(level / ((0.5 * velocity) / 127 / Math.SQRT2)))).toBeLessThan(0.1);
  });
});
