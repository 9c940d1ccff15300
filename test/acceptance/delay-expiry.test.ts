// Delay expiry: a frame is heard when its delay has run out, not one frame before and not one after.

import { describe, expect, test } from 'vitest';
import { everyCut, firstDifference, streamOf } from './streams.js';

/** A tone that starts at its loudest, heard after a delay. */
const delayed = (delay: number | string) => ({
  nodes: {
    tone: { type: 'sine', freq: 997, phase: 0.25 },
    level: { type: 'gain', gain: 0.25 },
    out: { type: 'output', channels: 1 },
  },
  edges: [
    { from: 'tone', to: 'level' },
    { from: 'level', to: 'out', delay },
  ],
});

describe('Delay expiry', () => {
  test.each([1, 63, 64, 65, 1000, 10_007])(
    'lets nothing through before a delay of %d frames is over, and all from then on',
    async (delay) => {
      const frames = 4096;
      const source = await streamOf(delayed(0), { frames });
      expect(source[0]).toBeGreaterThan(0.2);
      for (const cut of everyCut) {
        const heard = await streamOf(delayed(delay), { frames: delay + frames, ...cut });
        expect(heard.subarray(0, delay).every((sample) => sample === 0)).toBe(true);
        expect(firstDifference(heard.subarray(delay), source)).toBe(-1);
      }
    },
  );

  test('holds round after round of the wheel', async () => {
    const [delay, frames] = [480, 10 * 48_000];
    const source = await streamOf(delayed(0), { frames });
    const heard = await streamOf(delayed('10 ms'), { frames: delay + frames, block: 100, workers: 2 });
    expect(firstDifference(heard.subarray(delay), source)).toBe(-1);
  });

  test('holds round a loop: each echo comes exactly one delay after the one before', async () => {
    const delay = 777;
    const echoes = {
      nodes: {
        keys: { type: 'keys', voices: 1 },
        click: { type: 'gain', gain: 0 },
        one: { type: 'constant', value: 0.5 },
        ring: { type: 'mix' },
        out: { type: 'output', channels: 1 },
      },
      edges: [
        { from: 'one', to: 'click' },
        { from: 'keys.gate', to: 'click.gain' },
        { from: 'click', to: 'ring' },
        { from: 'ring', to: 'ring', delay, gain: 0.5 },
        { from: 'ring', to: 'out' },
      ],
    };
    const at = 1000;
    const events = [
      { type: 'note_on', channel: 1, note: 60, velocity: 1, frame: at },
      { type: 'note_off', channel: 1, note: 60, frame: at + 1 },
    ] as const;
    for (const cut of everyCut) {
      const heard = await streamOf(echoes, { frames: at + 4 * delay, events, ...cut });
      const sounding = [...heard.keys()].filter((frame) => heard[frame] !== 0);
      expect(sounding).toEqual([0, 1, 2, 3].map((echo) => at + echo * delay));
    }
  });
});
