// A streamer that the clock device paces, as the host's threads see it.

import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { attachLiveStreamer, openLiveStreamer } from '../../src/engine/live-streamer.js';
import { made, opened, output, playing } from './live-running.js';
import { loudnessBy, peakOf, planBytes, quietSine, running, takeFrames } from './running.js';

const echo = {
  nodes: {
    sine: { type: 'sine', freq: 1000 },
    level: { type: 'gain', gain: 0.25 },
    out: { type: 'output', channels: 1 },
  },
  edges: [
    { from: 'sine', to: 'level', delay: 4800 },
    { from: 'level', to: 'out' },
  ],
};

describe('opening', () => {
  test('makes no frame before the clock starts', async () => {
    const streamer = opened(planBytes(quietSine));
    await pause(30);
    expect(streamer.status().made).toBe(0);
  });

  test('tells what it is', () => {
    const streamer = opened(planBytes(quietSine, 44_100), { block: 100, workers: 2 });
    const { channels, sampleRate, block } = streamer;
    expect({ channels, sampleRate, block }).toEqual({ channels: 1, sampleRate: 44_100, block: 100 });
  });

  test('gives its output memory a path that this process can read', () => {
    const { outputPath } = opened(planBytes(quietSine));
    expect(readlinkSync(outputPath)).toMatch(/amp-output/);
  });

  test('refuses a block that does not fit', () => {
    const opening = openLiveStreamer(planBytes(quietSine), { block: 5000, workers: 1 });
    expect(opening).toMatchObject({ ok: false, error: { code: 'argument' } });
  });

  test('refuses a plan that is none', () => {
    const opening = openLiveStreamer(new Uint8Array(100), { block: 64, workers: 1 });
    expect(opening).toMatchObject({ ok: false, error: { code: 'plan' } });
  });
});

describe('playing', () => {
  test('makes the frames that an offline stream makes', async () => {
    const frames = 24_000;
    const streamer = playing(planBytes(echo), { workers: 2 });
    await made(streamer, frames);
    const offline = await takeFrames(running(planBytes(echo), { block: 1000 }), frames);
    expect(output(streamer, 0, frames)).toEqual(offline);
  });

  test('reads no frame that is not made', async () => {
    const streamer = playing(planBytes(quietSine));
    await made(streamer, 64);
    const reading = streamer.readOutput(1_000_000, new Float32Array(64));
    expect(reading).toEqual({ ok: true, frames: 0 });
  });

  test('tells levels of what is made', async () => {
    const streamer = playing(planBytes(quietSine));
    await made(streamer, 9600);
    const [level] = streamer.levels();
    expect(level?.peak).toBeCloseTo(0.25, 2);
    expect(level?.rms).toBeCloseTo(0.25 / Math.SQRT2, 2);
  });

  test('tells what each node takes', async () => {
    const streamer = playing(planBytes(quietSine));
    await made(streamer, 9600);
    const { nodes, blockSeconds } = streamer.snapshot();
    expect(nodes.length).toBe(3);
    for (const { last, mean, p99, max, share } of nodes) {
      expect(Math.min(last, mean, p99)).toBeGreaterThan(0);
      expect(max).toBeGreaterThanOrEqual(Math.max(mean, p99));
      expect(share).toBeCloseTo(mean / blockSeconds, 6);
    }
  });

  test('tells the frames that a delay holds, and how old they are', async () => {
    const streamer = playing(planBytes(echo));
    await made(streamer, 9600);
    const [delayed, straight] = streamer.snapshot().edges;
    expect(delayed).toMatchObject({ fromNode: 0, toNode: 1, delay: 4800, depth: 4800, isParameter: false });
    expect(straight).toMatchObject({ fromNode: 1, toNode: 2, depth: 0, oldestAge: 0 });
    expect(delayed?.oldestAge).toBeGreaterThan(0.02);
    expect(delayed?.oldestAge).toBeLessThan(0.5);
  });

  test('tells which nodes stand, and how many frames they have not made', async () => {
    const streamer = playing(
      planBytes({
        nodes: {
          held: { type: 'sine' },
          free: { type: 'sine' },
          out: { type: 'output', channels: 1, taps: { in: { max_frames: 1000, overflow: 'block' } } },
        },
        edges: [
          { id: 'way', from: 'held', to: 'out' },
          { from: 'free', to: 'out' },
        ],
        gates: { stop: { members: ['way'], while_closed: 'hold', open: false } },
      }),
    );
    await made(streamer, 4800);
    const { nodes, frame } = streamer.snapshot();
    expect(nodes[0]).toMatchObject({ stood: frame - 1000, stands: true });
    expect(nodes[1]).toMatchObject({ stood: 0, stands: false });
  });

  test('tells how busy its workers are', async () => {
    const streamer = playing(planBytes(echo), { workers: 2 });
    await made(streamer, 9600);
    const { workers } = streamer.snapshot();
    expect(workers.length).toBe(2);
    for (const { busy, idle } of workers) {
      expect(busy + idle).toBeCloseTo(1, 9);
    }
  });

  test('tells everything of one block, and of later ones later', async () => {
    const streamer = playing(planBytes(echo), { workers: 2 });
    await made(streamer, 640);
    const before = streamer.snapshot();
    await made(streamer, before.frame + 6400);
    const after = streamer.snapshot();
    expect(after.number).toBeGreaterThan(before.number);
    expect(after.time).toBeGreaterThan(before.time);
    for (const { number, frame, nodes, workers, outputSeconds } of [before, after]) {
      expect(frame).toBe(number * streamer.block);
      const computed = nodes.reduce((sum, { last }) => sum + last, outputSeconds);
      expect(computed).toBeCloseTo(
        workers.reduce((sum, { lastBusy }) => sum + lastBusy, 0),
        9,
      );
    }
  });

  test('tells its gates: state, what they hold, and the change that waits for the grid', async () => {
    const { nodes, edges } = quietSine;
    const streamer = playing(
      planBytes({
        nodes,
        edges: edges?.map((edge, index) => ({ id: `edge_${index}`, ...edge })) ?? [],
        gates: {
          // A bar at 120 quarters a minute takes two seconds.
          later: { members: ['edge_0'], while_closed: 'hold', open: false, quantize: '1000 bar' },
          cut: { members: ['edge_1'] },
        },
      }),
    );
    streamer.post({ type: 'set_gate', gate: 0, change: 'open', frame: 640 });
    streamer.post({ type: 'set_gate', gate: 1, change: 'close', frame: 640 });
    await made(streamer, 9600);
    const [later, cut] = streamer.gates();
    expect(later).toMatchObject({ state: 'closed', change: { frame: 96_000_000, opens: true } });
    expect(later?.held).toBeGreaterThan(9000);
    expect(cut).toEqual({ state: 'closed', held: 0 });
  });

  test('tells its load', async () => {
    const streamer = playing(planBytes(quietSine));
    await made(streamer, 9600);
    await pause(50);
    const { load } = streamer.status();
    expect(load.mean).toBeGreaterThan(0);
    expect(load.worst).toBeGreaterThanOrEqual(load.mean);
  });
});

describe('events', () => {
  test('take effect at the frame that their arrival is given', async () => {
    const streamer = playing(planBytes(loudnessBy('velocity')));
    await made(streamer, 4800);
    const frame = streamer.eventFrame(process.hrtime.bigint()) + 4800;
    streamer.post({ type: 'note_on', frame, channel: 1, note: 60, velocity: 1 });
    await made(streamer, frame + streamer.latency + 4800);
    const before = output(streamer, 0, frame + streamer.latency);
    const after = output(streamer, frame + streamer.latency, 4800);
    expect(peakOf(before)).toBe(0);
    expect(peakOf(after)).toBeGreaterThan(0.1);
  });

  test('are told as they were applied', async () => {
    const streamer = playing(planBytes(loudnessBy('velocity')));
    await made(streamer, 4800);
    const posting = streamer.post({ type: 'note_on', frame: 0, channel: 1, note: 60, velocity: 0.5 });
    await made(streamer, streamer.status().made + 4800);
    const [applied, ...others] = streamer.appliedEvents();
    expect(others).toEqual([]);
    expect(posting).toEqual({ ok: true, sequence: applied?.sequence });
    expect(applied?.wasLate).toBe(true);
    expect(applied?.event).toMatchObject({ type: 'note_on', channel: 1, note: 60, velocity: 0.5 });
  });

  test('get later frames the later they arrive', async () => {
    const streamer = playing(planBytes(quietSine));
    await made(streamer, 4800);
    const now = process.hrtime.bigint();
    const frames = streamer.eventFrame(now + 100_000_000n) - streamer.eventFrame(now);
    expect(Math.abs(frames - 4800)).toBeLessThanOrEqual(48);
  });

  test('are asked for at their time', async () => {
    const streamer = playing(planBytes(quietSine));
    await made(streamer, 4800);
    const apart = streamer.frameTime(48_000) - streamer.frameTime(0);
    expect(Number(apart) / 1e9).toBeCloseTo(1, 2);
  });
});

describe('a second holder', () => {
  const inWorker = `
    import { workerData, parentPort } from 'node:worker_threads';
    const { module, handle } = workerData;
    const { attachLiveStreamer } = await import(module);
    const attaching = attachLiveStreamer(handle);
    const streamer = attaching.streamer;
    const posting = streamer.post({ type: 'note_on', frame: 0, channel: 1, note: 60, velocity: 1 });
    streamer.close();
    parentPort.postMessage(posting);
  `;

  test('in another thread posts to the same stream', async () => {
    const streamer = playing(planBytes(loudnessBy('velocity')));
    const module = new URL('../../dist/src/engine/live-streamer.js', import.meta.url).href;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(inWorker)}`), {
      workerData: { module, handle: streamer.handle },
    });
    const posting = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(posting).toEqual({ ok: true, sequence: 0 });
    await made(streamer, streamer.status().made + 4800);
    expect(streamer.appliedEvents().map(({ event }) => event.type)).toEqual(['note_on']);
  });

  // A program of its own: what goes wrong here ends a whole process.
  const callingWithoutEnd = `
    import { Worker, isMainThread, workerData, parentPort } from 'node:worker_threads';
    import { readFileSync } from 'node:fs';
    const { attachLiveStreamer, openLiveStreamer } = await import(process.env.AMP_TEST_MODULE);
    const { streamer } = isMainThread
      ? openLiveStreamer(readFileSync(0), { block: 64, workers: 1 })
      : attachLiveStreamer(workerData);
    if (isMainThread) {
      for (let i = 0; i < 20; i++) {
        const url = new URL('data:text/javascript,' + encodeURIComponent(process.env.AMP_TEST_CODE));
        const worker = new Worker(url, { workerData: streamer.handle });
        await new Promise((resolve) => worker.once('message', resolve));
        await worker.terminate();
      }
      process.stdout.write('terminated');
      process.exit();
    }
    parentPort.postMessage('calling');
    for (;;) {
      streamer.status();
      streamer.snapshot();
    }
  `;

  test('in a thread that is terminated as it calls ends nothing else', () => {
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', callingWithoutEnd], {
      encoding: 'utf8',
      input: Buffer.from(planBytes(quietSine)),
      env: {
        ...process.env,
        AMP_TEST_CODE: callingWithoutEnd,
        AMP_TEST_MODULE: new URL('../../dist/src/engine/live-streamer.js', import.meta.url).href,
      },
    });
    expect(run).toMatchObject({ status: 0, stdout: 'terminated' });
  }, 60_000);

  test('keeps the stream when the first one closes', async () => {
    const first = playing(planBytes(quietSine));
    const attaching = attachLiveStreamer(first.handle);
    if (!attaching.ok) {
      throw new Error(attaching.error.message);
    }
    first.close();
    const { made: before } = attaching.streamer.status();
    await made(attaching.streamer, before + 4800);
    attaching.streamer.close();
    expect(attachLiveStreamer(first.handle)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  test('closes before the first one without harm', async () => {
    const first = playing(planBytes(quietSine));
    const attaching = attachLiveStreamer(first.handle);
    if (attaching.ok) {
      attaching.streamer.close();
    }
    await made(first, first.status().made + 4800);
  });
});

describe('after close', () => {
  test('calls that can fail say so', () => {
    const streamer = opened(planBytes(quietSine));
    streamer.close();
    const closed = { ok: false, error: { code: 'closed' } };
    expect(streamer.startClock()).toMatchObject(closed);
    expect(streamer.readOutput(0, new Float32Array(1))).toMatchObject(closed);
    expect(streamer.findNode('out')).toMatchObject(closed);
    expect(streamer.post({ type: 'all_notes_off', frame: 0, channel: 'all' })).toMatchObject(closed);
  });

  test('the last status is told', async () => {
    const streamer = playing(planBytes(quietSine));
    await made(streamer, 4800);
    streamer.close();
    expect(streamer.status().made).toBeGreaterThanOrEqual(4800);
    expect(streamer.snapshot().frame).toBeGreaterThanOrEqual(4800);
  });
});
