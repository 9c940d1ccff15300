import { describe, expect, test } from 'vitest';
import type { Xrun } from '../../src/engine/live-streamer.js';
import { XrunLog } from '../../src/session/xrun-log.js';

const xrun = (change: Partial<Xrun>): Xrun => ({
  frame: 48_000,
  frames: 64,
  cause: 'node_late',
  cpuSeconds: 0.0031,
  wallSeconds: 0.004,
  budgetSeconds: 0.001333,
  ...change,
});

function logOf(...xruns: readonly Xrun[]): XrunLog {
  const log = new XrunLog(48_000);
  log.add(xruns, ['saw', 'echo']);
  return log;
}

test('xruns are counted in all and by cause', () => {
  const log = logOf(
    xrun({}),
    xrun({ cause: 'thread_not_run' }),
    xrun({ cause: 'thread_not_run' }),
    xrun({ cause: 'device_not_run' }),
    xrun({ cause: 'anchor' }),
    xrun({ cause: 'growth' }),
  );
  const counts = { total: 6, nodeLate: 1, threadNotRun: 2, deviceNotRun: 1, anchors: 1, growths: 1 };
  expect(log.summary()).toMatchObject(counts);
});

test('the newest twenty are told, the newest last', () => {
  const log = logOf(...Array.from({ length: 15 }, (_, index) => xrun({ frames: index })));
  log.add(
    Array.from({ length: 10 }, (_, index) => xrun({ frames: 15 + index })),
    [],
  );
  expect(log.summary().recent.map(({ frames }) => frames)).toEqual(Array.from({ length: 20 }, (_, index) => 5 + index));
});

test('an xrun says where in the stream it was', () => {
  expect(logOf(xrun({ frame: 72_000 })).summary().recent[0]?.seconds).toBe(1.5);
});

describe('an xrun says in words', () => {
  test.each([
    [xrun({ node: 1 }), 'a block took 3.10 ms to compute, and there were 1.33 ms; echo took longest'],
    [
      xrun({ cause: 'thread_not_run', cpuSeconds: 0.0004, wallSeconds: 0.025 }),
      'the system ran a worker too late: a block of 0.40 ms took 25 ms, and there were 1.33 ms',
    ],
    [xrun({ cause: 'device_not_run' }), 'the device did not come for frames that were ready'],
    [xrun({ cause: 'anchor' }), 'too far behind: the clock was set back to what was made'],
    [
      xrun({ cause: 'growth', cpuSeconds: 0.0004, wallSeconds: 0.025 }),
      'a wheel behind a gate that holds became longer too late: a block took 0.40 ms to compute, and was made after 25 ms',
    ],
  ])('%o', (each, text) => {
    expect(logOf(each).summary().recent[0]?.text).toBe(text);
  });

  test('which node it was', () => {
    expect(logOf(xrun({ node: 0 })).summary().recent[0]?.node).toBe('saw');
  });
});
