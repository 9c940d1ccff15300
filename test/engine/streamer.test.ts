import { describe, expect, test } from 'vitest';
import { openStreamer } from '../../src/engine/streamer.js';
import { peakOf, planBytes, quietSine, running, takeFrames } from './running.js';

describe('a plan that is opened', () => {
  test('tells the channels of its output', () => {
    const wide = { nodes: { sine: { type: 'sine' }, out: { type: 'output', channels: 5 } } };
    expect(running(planBytes(wide)).channels).toBe(5);
  });

  test('tells by how many frames the output is late', () => {
    // One millisecond of look-ahead.
    expect(running(planBytes(quietSine, 48_000)).latency).toBeGreaterThanOrEqual(48);
  });

  test('uses memory that it tells of', () => {
    const stats = running(planBytes(quietSine)).arenaStats();
    expect(stats?.used).toBeGreaterThan(0);
    expect(stats?.used).toBeLessThanOrEqual(stats?.committed ?? 0);
    expect(stats?.committed).toBeLessThanOrEqual(stats?.reserved ?? 0);
  });
});

describe('a plan that cannot be opened', () => {
  test('is refused with the offset when a byte is wrong', () => {
    const bytes = planBytes(quietSine);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    const opening = openStreamer(bytes, { block: 64, workers: 1 });
    expect(opening).toMatchObject({ ok: false, error: { code: 'plan', message: expect.stringMatching(/\d/) } });
  });

  test('is refused when it is empty', () => {
    expect(openStreamer(new Uint8Array(0), { block: 64, workers: 1 })).toMatchObject({ ok: false });
  });

  test.each([
    { block: 0, workers: 1 },
    { block: 4097, workers: 1 },
    { block: 64.5, workers: 1 },
    { block: Number.NaN, workers: 1 },
    { block: 64, workers: 0 },
    { block: 64, workers: 65 },
    { block: 64, workers: 2 ** 32 + 1 },
  ])('is refused with settings out of range: %j', (settings) => {
    const opening = openStreamer(planBytes(quietSine), settings);
    expect(opening).toMatchObject({ ok: false, error: { code: 'argument' } });
  });
});

describe('taking frames', () => {
  test('gives the sound of the plan', async () => {
    const streamer = running(planBytes(quietSine));
    const samples = await takeFrames(streamer, streamer.latency + 4800);
    const sound = samples.subarray(streamer.latency);
    expect(peakOf(sound)).toBeCloseTo(0.25, 3);
    // 1000 Hz: 100 periods, each with one rise through zero.
    const rises = sound.filter((sample, frame) => frame > 0 && (sound[frame - 1] ?? 0) < 0 && sample >= 0);
    expect(rises.length).toBeGreaterThanOrEqual(99);
    expect(rises.length).toBeLessThanOrEqual(100);
  });

  test('gives the same samples in one piece as in many', async () => {
    const plan = planBytes(quietSine);
    const whole = await takeFrames(running(plan), 5000);
    const pieces = running(plan);
    const joined: number[] = [];
    for (const frames of [1, 63, 64, 65, 1000, 0, 3807]) {
      joined.push(...(await takeFrames(pieces, frames)));
    }
    expect(joined).toEqual([...whole]);
  });

  test('gives the same samples for other blocks and workers', async () => {
    const plan = planBytes(quietSine);
    const usual = await takeFrames(running(plan), 3000);
    const unusual = await takeFrames(running(plan, { block: 100, workers: 3 }), 3000);
    expect([...unusual]).toEqual([...usual]);
  });

  test('is refused while another take is under way', async () => {
    const streamer = running(planBytes(quietSine));
    const first = streamer.take(new Float32Array(10_000));
    expect(await streamer.take(new Float32Array(64))).toMatchObject({ ok: false, error: { code: 'argument' } });
    expect(await first).toEqual({ ok: true });
  });

  test('is refused for samples that are not whole frames', async () => {
    const stereo = running(planBytes({ nodes: { out: { type: 'output', channels: 2 } } }));
    expect(await stereo.take(new Float32Array(3))).toMatchObject({ ok: false, error: { code: 'argument' } });
  });

  test('lets the event loop go on meanwhile', async () => {
    const streamer = running(planBytes(quietSine));
    let isOver = false;
    const taking = takeFrames(streamer, 2_000_000).then(() => {
      isOver = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(isOver).toBe(false);
    await taking;
  });
});

describe('finding a node', () => {
  test('gives the place of the node in the plan', () => {
    expect(running(planBytes(quietSine)).findNode('level')).toEqual({ ok: true, node: 1 });
  });

  test('says which node there is not', () => {
    expect(running(planBytes(quietSine)).findNode('lever')).toMatchObject({
      ok: false,
      error: { code: 'not_found', message: expect.stringContaining('lever') },
    });
  });
});

describe('a closed streamer', () => {
  test('answers every call with the error closed', async () => {
    const streamer = running(planBytes(quietSine));
    streamer.close();
    const closed = { ok: false, error: { code: 'closed' } };
    expect(await streamer.take(new Float32Array(64))).toMatchObject(closed);
    expect(streamer.post({ type: 'all_notes_off', channel: 'all', frame: 0 })).toMatchObject(closed);
    expect(streamer.findNode('out')).toMatchObject(closed);
    expect(await streamer.waitNodeCompletion(0, 1, 10)).toMatchObject(closed);
    expect(streamer.pollNodeCompletion(0, 1)).toMatchObject(closed);
    expect(streamer.arenaStats()).toBeUndefined();
    expect(streamer.eventCounts()).toBeUndefined();
  });

  test('may be closed again', () => {
    const streamer = running(planBytes(quietSine));
    streamer.close();
    expect(() => streamer.close()).not.toThrow();
  });

  test('still ends the take that was under way', async () => {
    const streamer = running(planBytes(quietSine));
    const samples = new Float32Array(200_000);
    const taking = streamer.take(samples);
    streamer.close();
    expect(await taking).toEqual({ ok: true });
    expect(peakOf(samples)).toBeCloseTo(0.25, 3);
  });
});
