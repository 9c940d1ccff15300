// Completion and drain: a promise is kept when a node has finished, and nothing is flushed that nobody asked for.

import { describe, expect, test } from 'vitest';
import type { AmpGraphStreamer } from '../../src/engine/streamer.js';
import { peakOf, planBytes, running, takeFrames } from '../engine/running.js';
import { firstDifference } from './streams.js';

const second = 48_000;

/** A tone through a filter that rings. */
const ringing = {
  nodes: {
    tone: { type: 'sine', freq: 440 },
    level: { type: 'gain', gain: 0.1 },
    ring: { type: 'biquad', cutoff: 440, q: 20 },
    out: { type: 'output', channels: 1 },
  },
  edges: [
    { from: 'tone', to: 'level' },
    { from: 'level', to: 'ring' },
    { from: 'ring', to: 'out' },
  ],
};

function nodeOf(streamer: AmpGraphStreamer, id: string): number {
  const finding = streamer.findNode(id);
  if (!finding.ok) {
    throw new Error(finding.error.message);
  }
  return finding.node;
}

/** Takes frames until a promise is settled; how many. */
async function takeUntil(streamer: AmpGraphStreamer, promise: Promise<unknown>): Promise<number> {
  let isOver = false;
  void promise.finally(() => {
    isOver = true;
  });
  let frames = 0;
  for (; !isOver; frames += 480) {
    await takeFrames(streamer, 480);
  }
  return frames;
}

describe('Completion', () => {
  test('is told to all who wait for a node, each at its frame', async () => {
    const streamer = running(planBytes(ringing), { block: 64, workers: 2 });
    const ring = nodeOf(streamer, 'ring');
    const waits = [4800, 9600, 9600, 14_400].map((frame) => streamer.waitNodeCompletion(ring, frame, 60_000));
    expect(streamer.pollNodeCompletion(ring, 4800)).toMatchObject({ ok: false, error: { code: 'timeout' } });
    await takeUntil(streamer, Promise.all(waits));
    expect(await Promise.all(waits)).toEqual(waits.map(() => ({ ok: true })));
    expect(streamer.pollNodeCompletion(ring, 14_400)).toEqual({ ok: true });
  });

  test('that is waited for changes no bit', async () => {
    const alone = await takeFrames(running(planBytes(ringing)), second);
    const streamer = running(planBytes(ringing));
    const waiting = streamer.waitNodeCompletion(nodeOf(streamer, 'ring'), second, 60_000);
    const waitedFor = await takeFrames(streamer, second);
    expect(await waiting).toEqual({ ok: true });
    expect(firstDifference(waitedFor, alone)).toBe(-1);
  });

  test('of frames says nothing of what rings on behind them', async () => {
    const streamer = running(planBytes(ringing));
    const ring = nodeOf(streamer, 'ring');
    const waiting = streamer.waitNodeCompletion(ring, second, 60_000);
    await takeFrames(streamer, second);
    expect(await waiting).toEqual({ ok: true });
    expect(streamer.pollNodeCompletion(ring, second + 4800)).toMatchObject({ ok: false, error: { code: 'timeout' } });
    expect(peakOf(await takeFrames(streamer, 4800))).toBeGreaterThan(0.05);
  });

  test('of frames that nobody takes is a time-out', async () => {
    const streamer = running(planBytes(ringing));
    expect(await streamer.waitNodeCompletion(nodeOf(streamer, 'out'), second, 40)).toMatchObject({
      ok: false,
      error: { code: 'timeout' },
    });
  });
});

describe('A drain', () => {
  test('ends when the node has rung out, and leaves silence until it is opened again', async () => {
    const streamer = running(planBytes(ringing));
    const ring = nodeOf(streamer, 'ring');
    await takeFrames(streamer, second);
    const draining = streamer.drainNode(ring, second, 60_000);
    const frames = await takeUntil(streamer, draining);
    expect(await draining).toEqual({ ok: true });
    expect(frames).toBeGreaterThan(480);
    await takeFrames(streamer, streamer.latency);
    expect(peakOf(await takeFrames(streamer, 4800))).toBeLessThan(1e-4);
    streamer.post({ type: 'drain_node', node: ring, isDrained: false, frame: 0 });
    expect(peakOf((await takeFrames(streamer, second)).subarray(second / 2))).toBeGreaterThan(0.05);
  });

  test('of a loop that rings for ever is a time-out, and the loop goes on', async () => {
    const endless = {
      nodes: {
        keys: { type: 'keys', voices: 1 },
        level: { type: 'gain', gain: 0 },
        tone: { type: 'sine', freq: 440 },
        loop: { type: 'mix' },
        out: { type: 'output', channels: 1 },
      },
      edges: [
        { from: 'tone', to: 'level' },
        { from: 'keys.gate', to: 'level.gain', depth: 0.1 },
        { from: 'level', to: 'loop' },
        { from: 'loop', to: 'loop', delay: 4800 },
        { from: 'loop', to: 'out' },
      ],
    };
    const streamer = running(planBytes(endless));
    streamer.post({ type: 'note_on', channel: 1, note: 60, velocity: 1, frame: 0 });
    streamer.post({ type: 'note_off', channel: 1, note: 60, frame: 2400 });
    const draining = streamer.drainNode(nodeOf(streamer, 'loop'), 4800, 300);
    await takeUntil(streamer, draining);
    expect(await draining).toMatchObject({ ok: false, error: { code: 'timeout' } });
    expect(peakOf(await takeFrames(streamer, 4800))).toBeGreaterThan(0.05);
  });
});
