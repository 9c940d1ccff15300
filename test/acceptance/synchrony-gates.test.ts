// Synchrony gates: what is heard while they are closed and after, on exact frames.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../src/engine/event.js';
import { peakOf } from '../engine/running.js';
import { everyCut, firstDifference, streamOf } from './streams.js';

/** 2 ms. */
const fade = 96;
const [closes, opens, frames] = [5003, 9002, 14_000];

const events: readonly StreamEvent[] = [
  { type: 'set_gate', gate: 0, change: 'close', frame: closes },
  { type: 'set_gate', gate: 0, change: 'open', frame: opens },
];

const nodes = {
  tone: { type: 'sine', freq: 997 },
  level: { type: 'gain', gain: 0.25 },
  out: { type: 'output', channels: 1 },
};

/** A tone behind a gate. */
const gated = (gate: object) => ({
  nodes,
  edges: [
    { from: 'tone', to: 'level', id: 'way' },
    { from: 'level', to: 'out' },
  ],
  gates: { g: { members: ['way'], ...gate } },
});

const open = gated({ while_closed: 'mute' });

describe('A synchrony gate', () => {
  test('that mutes is silent from its frame on, but for the fade, and opens on its frame', async () => {
    const source = await streamOf(open, { frames });
    const heard = await streamOf(open, { frames, events });
    expect(firstDifference(heard.subarray(0, closes), source.subarray(0, closes))).toBe(-1);
    expect(heard[closes]).not.toBe(source[closes]);
    expect(peakOf(heard.subarray(closes + fade, opens))).toBe(0);
    expect(peakOf(heard.subarray(opens, opens + fade))).toBeGreaterThan(0);
    expect(firstDifference(heard.subarray(opens + fade), source.subarray(opens + fade))).toBe(-1);
  });

  test('behind another one on the same path is silent while either is closed', async () => {
    const both = {
      ...open,
      edges: open.edges.map((edge, index) => ({ ...edge, id: `way${index}` })),
      gates: { near: { members: ['way0'] }, far: { members: ['way1'] } },
    };
    const change = (gate: number, frame: number, to: 'close' | 'open'): StreamEvent => {
      return { type: 'set_gate', gate, change: to, frame };
    };
    const changes = [
      change(0, 3000, 'close'),
      change(1, 5000, 'close'),
      change(0, 6000, 'open'),
      change(1, 8000, 'open'),
    ];
    const source = await streamOf(open, { frames });
    for (const cut of everyCut) {
      const heard = await streamOf(both, { frames, events: changes, ...cut });
      expect(firstDifference(heard.subarray(0, 3000), source.subarray(0, 3000))).toBe(-1);
      expect(peakOf(heard.subarray(3000 + fade, 8000))).toBe(0);
      expect(firstDifference(heard.subarray(8000 + fade), source.subarray(8000 + fade))).toBe(-1);
    }
  });

  test('that samples keeps the value of its frame', async () => {
    const trembling = {
      nodes: { slow: { type: 'sine', freq: 5 }, ...nodes },
      edges: [
        { from: 'slow', to: 'level.gain', depth: 0.2, id: 'way' },
        { from: 'tone', to: 'level' },
        { from: 'level', to: 'out' },
      ],
      gates: { g: { members: ['way'], while_closed: 'sample' } },
    };
    const steady = { ...trembling, edges: trembling.edges.slice(1), gates: {} };
    const tone = await streamOf(steady, { frames });
    const source = await streamOf(trembling, { frames });
    const heard = await streamOf(trembling, { frames, events });
    const gains = (signal: Float32Array, from: number, to: number) =>
      [...signal.subarray(from, to)].map((sample, at) => (0.25 * sample) / (tone[from + at] ?? 0));
    const kept = gains(heard, closes, opens).filter(Number.isFinite);
    expect(Math.max(...kept) - Math.min(...kept)).toBeLessThan(1e-4);
    const [swing] = gains(source, closes - 1, closes);
    expect(kept[0]).toBeCloseTo(swing ?? Number.NaN, 3);
    expect(firstDifference(heard.subarray(opens + fade), source.subarray(opens + fade))).toBe(-1);
  });

  test('that holds goes on with the very next frame', async () => {
    const held = gated({ while_closed: 'hold' });
    const source = await streamOf(open, { frames });
    const heard = await streamOf(held, { frames, events });
    // The last frame of the fade-out is not heard, and comes first behind the gate.
    const late = opens - closes - (fade - 1);
    expect(peakOf(heard.subarray(closes + fade, opens))).toBe(0);
    expect(firstDifference(heard.subarray(opens + fade), source.subarray(opens + fade - late, frames - late))).toBe(-1);
  });

  test('that holds and skips goes on with what is played now', async () => {
    const skipping = gated({ while_closed: 'hold', release: 'skip' });
    const source = await streamOf(open, { frames });
    const heard = await streamOf(skipping, { frames, events });
    expect(firstDifference(heard.subarray(opens + fade), source.subarray(opens + fade))).toBe(-1);
  });

  test('waits for its grid', async () => {
    // At 120 beats a minute a quarter note is 24000 frames.
    const onBeat = gated({ while_closed: 'mute', quantize: '1/4' });
    const source = await streamOf(onBeat, { frames: 30_000 });
    const heard = await streamOf(onBeat, { frames: 30_000, events: events.slice(0, 1) });
    expect(firstDifference(heard.subarray(0, 24_000), source.subarray(0, 24_000))).toBe(-1);
    expect(peakOf(heard.subarray(24_000 + fade))).toBe(0);
  });

  test('that closes and opens within one block is heard doing so', async () => {
    const blink: readonly StreamEvent[] = [
      { type: 'set_gate', gate: 0, change: 'close', frame: 5000 },
      { type: 'set_gate', gate: 0, change: 'open', frame: 5300 },
    ];
    const heard = await streamOf(open, { frames: 6000, events: blink, block: 4096 });
    expect(peakOf(heard.subarray(5000 + fade, 5300))).toBe(0);
    expect(peakOf(heard.subarray(5300 + fade, 5600))).toBeGreaterThan(0.2);
  });

  test.each([
    ['mute', 'resume'],
    ['sample', 'resume'],
    ['hold', 'resume'],
    ['hold', 'skip'],
  ])('that is to %s and to %s gives the same bits in any block with any workers', async (whileClosed, release) => {
    const patch = gated({ while_closed: whileClosed, ...(whileClosed === 'hold' ? { release } : {}) });
    const first = await streamOf(patch, { frames, events });
    expect(peakOf(first)).toBeGreaterThan(0.2);
    for (const cut of everyCut) {
      expect(firstDifference(await streamOf(patch, { frames, events, ...cut }), first)).toBe(-1);
    }
  });
});
