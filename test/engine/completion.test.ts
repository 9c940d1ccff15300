import { describe, expect, test } from 'vitest';
import { planBytes, quietSine, running, takeFrames } from './running.js';

const timeout = { ok: false, error: { code: 'timeout' } };

describe('waiting until a node has finished', () => {
  test('ends at once when the frames are made', async () => {
    const streamer = running(planBytes(quietSine));
    await takeFrames(streamer, 640);
    expect(await streamer.waitNodeCompletion(0, 640, 0)).toEqual({ ok: true });
  });

  test('ends when another take makes the frames', async () => {
    const streamer = running(planBytes(quietSine));
    const waiting = streamer.waitNodeCompletion(1, 6400, 30_000);
    await takeFrames(streamer, 6400);
    expect(await waiting).toEqual({ ok: true });
  });

  test('ends with the error timeout when nobody takes', async () => {
    const streamer = running(planBytes(quietSine));
    expect(await streamer.waitNodeCompletion(0, 1_000_000, 50)).toMatchObject(timeout);
  });

  test('takes no less time than it was given', async () => {
    const streamer = running(planBytes(quietSine));
    const start = performance.now();
    await streamer.waitNodeCompletion(0, 1_000_000, 70);
    expect(performance.now() - start).toBeGreaterThanOrEqual(70);
  });

  test('lets the event loop go on', async () => {
    const streamer = running(planBytes(quietSine));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await streamer.waitNodeCompletion(0, 1_000_000, 100);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(10);
  });

  test('does not keep others from taking, however many wait', async () => {
    const streamer = running(planBytes(quietSine));
    const waits = Array.from({ length: 50 }, () => streamer.waitNodeCompletion(0, 6400, 30_000));
    await takeFrames(streamer, 6400);
    expect(await Promise.all(waits)).toEqual(waits.map(() => ({ ok: true })));
  });

  test('ends with the error closed when the streamer is closed meanwhile', async () => {
    const streamer = running(planBytes(quietSine));
    const waiting = streamer.waitNodeCompletion(0, 1_000_000, 30_000);
    streamer.close();
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'closed' } });
  });

  test.each([3, -1, 0.5, 2 ** 32])('is refused for a node that there is not: %d', async (node) => {
    const streamer = running(planBytes(quietSine));
    expect(await streamer.waitNodeCompletion(node, 1, 10)).toMatchObject({ ok: false, error: { code: 'argument' } });
  });
});

describe('draining a node', () => {
  test('ends when what rang on in it is over, and leaves silence', async () => {
    const streamer = running(planBytes(quietSine));
    const draining = streamer.drainNode(1, 640, 30_000);
    let isOver = false;
    void draining.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await takeFrames(streamer, 640);
    }
    expect(await draining).toEqual({ ok: true });
    const after = await takeFrames(streamer, 640);
    expect(after.slice(-64).every((sample) => sample === 0)).toBe(true);
  });

  test('ends with the error timeout when nobody takes', async () => {
    const streamer = running(planBytes(quietSine));
    expect(await streamer.drainNode(1, 0, 50)).toMatchObject(timeout);
  });
});

describe('asking whether a node has finished', () => {
  test('says no before the frames are made', () => {
    expect(running(planBytes(quietSine)).pollNodeCompletion(0, 1_000_000)).toMatchObject(timeout);
  });

  test('says yes afterwards', async () => {
    const streamer = running(planBytes(quietSine));
    await takeFrames(streamer, 128);
    expect(streamer.pollNodeCompletion(0, 128)).toEqual({ ok: true });
  });
});
