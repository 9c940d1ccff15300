import { describe, expect, test } from 'vitest';
import type { HandOverKind } from '../../src/engine/hand-over.js';
import { handOverSettings } from '../../src/engine/hand-over.js';
import type { AmpGraphStreamer } from '../../src/engine/streamer.js';
import type { PatchSketch } from './running.js';
import { peakOf, planBytes, quietSine, running, takeFrames } from './running.js';

/** `quietSine` with another level. */
const sineOf = (gain: number): PatchSketch => ({
  ...quietSine,
  nodes: { ...quietSine.nodes, level: { type: 'gain', gain } },
});

async function prepared(streamer: AmpGraphStreamer, sketch: PatchSketch, kind: HandOverKind = 'reload') {
  const preparing = await streamer.prepare(planBytes(sketch), handOverSettings(kind));
  if (!preparing.ok) {
    throw new Error(preparing.error.message);
  }
  return preparing.plan;
}

describe('a plan that was prepared', () => {
  test('changes nothing before it is handed over to', async () => {
    const streamer = running(planBytes(quietSine));
    const plan = await prepared(streamer, sineOf(0.5));
    expect(peakOf(await takeFrames(streamer, 4800))).toBeCloseTo(0.25, 3);
    expect(streamer.tookOverAt(plan)).toEqual({ ok: true, frame: undefined });
    expect(streamer.presentPlan()).toBe(1);
  });

  test('takes over on the frame that was asked for, and is heard from there on', async () => {
    const streamer = running(planBytes(quietSine));
    const plan = await prepared(streamer, sineOf(0.5));
    expect(streamer.handOver(plan, 1000)).toEqual({ ok: true });
    const samples = await takeFrames(streamer, 9600);
    expect(streamer.tookOverAt(plan)).toEqual({ ok: true, frame: 1000 });
    expect(streamer.presentPlan()).toBe(plan);
    expect(peakOf(samples.subarray(0, 1000))).toBeCloseTo(0.25, 3);
    expect(peakOf(samples.subarray(4800))).toBeCloseTo(0.5, 3);
  });

  test('is told among applied events, and events of one plan reach their namesakes in the next', async () => {
    const streamer = running(planBytes(quietSine), { journal: true });
    const { sine = {}, level = {}, out = {} } = quietSine.nodes;
    const turned: PatchSketch = { ...quietSine, nodes: { level, sine, out } };
    const plan = await prepared(streamer, turned);
    streamer.handOver(plan, 640);
    // The gain of the node "level", which is node 1 of the first plan and node 0 of the second.
    streamer.post({ type: 'set_parameter', frame: 700, plan: 1, node: 1, parameter: 0, value: 0.125 });
    await takeFrames(streamer, 1280);
    expect(streamer.appliedEvents().map(({ event }) => event)).toEqual([
      { type: 'hand_over', frame: 640, plan },
      { type: 'set_parameter', frame: 700, node: 0, parameter: 0, value: 0.125 },
    ]);
    expect(peakOf((await takeFrames(streamer, 9600)).subarray(4800))).toBeCloseTo(0.125, 3);
  });

  test('is freed once it has sounded out', async () => {
    const streamer = running(planBytes(quietSine));
    streamer.handOver(await prepared(streamer, sineOf(0.5)), 0);
    await takeFrames(streamer, 64);
    expect(await streamer.retire()).toBe(2);
    await takeFrames(streamer, 4800);
    expect(await streamer.retire()).toBe(1);
    expect(streamer.tookOverAt(1)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('is dropped when another one is prepared', async () => {
    const streamer = running(planBytes(quietSine));
    const dropped = await prepared(streamer, sineOf(0.5));
    const plan = await prepared(streamer, sineOf(0.125));
    expect(streamer.handOver(dropped, 0)).toMatchObject({ ok: false, error: { code: 'argument' } });
    expect(streamer.handOver(plan, 0)).toEqual({ ok: true });
  });
});

describe('what cannot take over', () => {
  test('a plan that is damaged, with the offset', async () => {
    const bytes = planBytes(quietSine);
    const cut = await running(bytes).prepare(bytes.subarray(0, 40), handOverSettings('reload'));
    expect(cut).toMatchObject({ ok: false, error: { code: 'plan', message: expect.stringMatching(/\d/) } });
  });

  test('a plan of another rate', async () => {
    const streamer = running(planBytes(quietSine));
    const preparing = await streamer.prepare(planBytes(quietSine, 44_100), handOverSettings('reload'));
    expect(preparing).toMatchObject({
      ok: false,
      error: { code: 'argument', message: expect.stringContaining('44100') },
    });
  });

  test('a crossfade that is too long', async () => {
    const settings = { ...handOverSettings('reload'), crossfadeSeconds: 11 };
    expect(await running(planBytes(quietSine)).prepare(planBytes(quietSine), settings)).toMatchObject({
      ok: false,
      error: { code: 'argument', message: expect.stringContaining('0 to 10 seconds') },
    });
  });

  test('a plan while another one waits for its frame', async () => {
    const streamer = running(planBytes(quietSine));
    streamer.handOver(await prepared(streamer, sineOf(0.5)), 1_000_000);
    const preparing = await streamer.prepare(planBytes(quietSine), handOverSettings('reload'));
    expect(preparing).toMatchObject({ ok: false, error: { code: 'busy' } });
  });

  test.each([0, 1, 2, -1, 1.5, 2 ** 32])('a plan that was not prepared: %d', (plan) => {
    expect(running(planBytes(quietSine)).handOver(plan, 0)).toMatchObject({ ok: false, error: { code: 'argument' } });
  });

  test('anything once the streamer is closed', async () => {
    const streamer = running(planBytes(quietSine));
    streamer.close();
    const closed = { ok: false, error: { code: 'closed' } };
    expect(await streamer.prepare(planBytes(quietSine), handOverSettings('reload'))).toMatchObject(closed);
    expect(streamer.handOver(2, 0)).toMatchObject(closed);
    expect(await streamer.retire()).toBe(0);
  });
});

describe('whoever waits for a node', () => {
  /** A second node fewer: an index of the first plan would mean another node here, or none. */
  const shorter: PatchSketch = {
    nodes: { sine: { type: 'sine', freq: 1000 }, out: { type: 'output', channels: 1 } },
    edges: [{ from: 'sine', to: 'out', gain: 0.25 }],
  };

  test('hears that its plan has ended when another one took over before', async () => {
    const streamer = running(planBytes(quietSine));
    const waiting = streamer.waitNodeCompletion(1, 100_000, 30_000);
    streamer.handOver(await prepared(streamer, shorter), 640);
    await takeFrames(streamer, 9600);
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('hears of frames that the node has finished before', async () => {
    const streamer = running(planBytes(quietSine));
    const waiting = streamer.waitNodeCompletion(2, 640, 30_000);
    streamer.handOver(await prepared(streamer, shorter), 1280);
    await takeFrames(streamer, 1280);
    expect(await waiting).toEqual({ ok: true });
  });

  test('waits for the plan that plays by now', async () => {
    const streamer = running(planBytes(quietSine));
    streamer.handOver(await prepared(streamer, shorter), 0);
    await takeFrames(streamer, 64);
    expect(await streamer.waitNodeCompletion(1, 64, 0)).toEqual({ ok: true });
    expect(await streamer.waitNodeCompletion(2, 64, 0)).toMatchObject({ ok: false, error: { code: 'argument' } });
  });

  test('hears that a plan has ended which it wants to drain', async () => {
    const streamer = running(planBytes(quietSine));
    streamer.handOver(await prepared(streamer, shorter), 640);
    const draining = streamer.drainNode(1, 100_000, 30_000);
    await takeFrames(streamer, 9600);
    expect(await draining).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});
