// FIFO order under growth: wheels become longer behind gates that hold, and every frame still comes once, in its order.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../src/engine/event.js';
import { planBytes, running, takeFrames } from '../engine/running.js';
import { firstDifference } from './streams.js';

const producers = 8;
const second = 48_000;
/** 2 ms. */
const fade = 96;
const places = Array.from({ length: producers }, (_, index) => index);

/** So many tones, each behind a gate of its own. */
const patch = {
  nodes: {
    ...Object.fromEntries(places.map((i) => [`tone${i}`, { type: 'sine', freq: 97 + 61.7 * i }])),
    out: { type: 'output', channels: 1 },
  },
  edges: places.map((i) => ({ id: `way${i}`, from: `tone${i}`, to: 'out', gain: 0.05 })),
  gates: Object.fromEntries(places.map((i) => [`gate${i}`, { members: [`way${i}`], while_closed: 'hold' }])),
};

/** Posts events for all gates, and takes frames up to `until` in pieces. */
async function play(events: readonly StreamEvent[], until: number, settings: { block: number; workers: number }) {
  const streamer = running(planBytes(patch), settings);
  for (const event of events) {
    expect(streamer.post(event)).toMatchObject({ ok: true });
  }
  const samples = (await takeFrames(streamer, streamer.latency + until)).subarray(streamer.latency);
  return { samples, stats: streamer.arenaStats() };
}

const allGates = (change: 'close' | 'open', frame: number): readonly StreamEvent[] =>
  places.map((gate) => ({ type: 'set_gate', gate, change, frame }));

describe('FIFO order under growth', () => {
  test.each([
    { block: 64, workers: 1 },
    { block: 1000, workers: 3 },
  ])('holds for eight producers over twenty seconds, %o', async (settings) => {
    const [closes, opens, frames] = [second, 21 * second, 22 * second];
    // The last frame of the fade-out is not heard, and comes first behind the gate.
    const late = opens - closes - (fade - 1);
    const undisturbed = await play([], frames, settings);
    const { samples, stats } = await play([...allGates('close', closes), ...allGates('open', opens)], frames, settings);
    expect(samples.subarray(closes + fade, opens).every((sample) => sample === 0)).toBe(true);
    const after = samples.subarray(opens + fade);
    expect(firstDifference(after, undisturbed.samples.subarray(opens + fade - late, frames - late))).toBe(-1);
    expect(undisturbed.stats?.growths).toBe(0);
    expect(stats?.growths).toBeGreaterThanOrEqual(producers);
    expect(stats?.failedGrowths).toBe(0);
  });
});
