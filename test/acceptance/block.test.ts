// A tone that stands while a gate is closed for longer than its reader may lag.

import { beforeAll, describe, expect, test } from 'vitest';
import { peak } from '../measure/level.js';
import type { Sound } from '../measure/wav.js';
import { render, samplesOf } from './rendering.js';

const second = 48_000;
/** 2 ms. */
const fade = 96;

/** A tone that rises, behind a gate that is open for two seconds and closed for two. */
const standing = {
  tempo: 60,
  nodes: {
    rise: { type: 'lfo', shape: 'saw', freq: '24/4' },
    tone: { type: 'sine', freq: 200 },
    pulse: { type: 'lfo', shape: 'square', freq: '1/1' },
    level: { type: 'gain', taps: { in: { overflow: 'block', max_frames: '0.25 s' } } },
    out: { type: 'output' },
  },
  edges: [
    { from: 'rise', to: 'tone.freq', in: 'octaves', depth: 3 },
    { id: 'held', from: 'tone', to: 'level', gain: 0.25 },
    { from: 'level', to: 'out' },
  ],
  gates: { stop: { members: ['held'], while_closed: 'hold', release: 'resume', controls: ['signal:pulse'] } },
};

describe('A tone behind a gate that blocks', () => {
  let sound: Sound;
  /** The same without the gate. */
  let alone: Sound;

  beforeAll(async () => {
    sound = await render(standing, { seconds: 8 });
    const { gates: _, ...open } = standing;
    alone = await render(open, { seconds: 8 });
  });

  test('goes on with the very next frame, however short the time for which frames may wait', () => {
    const samples = samplesOf(sound, 0);
    const begin = samples.findIndex((sample, frame) => frame > second && sample === 0 && samples[frame + 1] === 0);
    const end = samples.findIndex((sample, frame) => frame > begin && sample !== 0);
    expect(end - begin).toBeGreaterThan(1.9 * second);
    const from = end + fade;
    const heard = samplesOf(sound, 0, from, from + second);
    expect(peak(heard)).toBeGreaterThan(0.1);
    expect(heard).toEqual(samplesOf(alone, 0, from - (end - begin), from - (end - begin) + second));
  });
});
