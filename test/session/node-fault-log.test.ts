import { expect, test } from 'vitest';
import type { NodeFault } from '../../src/engine/live-streamer.js';
import { NodeFaultLog } from '../../src/session/node-fault-log.js';

const notFinite = (change: Partial<NodeFault> = {}): NodeFault =>
  ({ kind: 'not_finite', plan: 1, node: 1, frame: 72_000, batch: 3, channel: 0, ...change }) as NodeFault;
const lie: NodeFault = { kind: 'latency', plan: 1, node: 0, frame: 0, declared: 1, measured: 64 };

const nodes = [
  { id: 'look', type: 'limiter' },
  { id: 'low', type: 'svf' },
];

function logOf(...faults: readonly NodeFault[]) {
  const log = new NodeFaultLog(48_000);
  return { log, notices: log.add(faults, (plan) => (plan === 1 ? nodes : [])) };
}

test('a lane that is not finite is told with its node, its lane and its time', () => {
  expect(logOf(notFinite()).log.summary()).toEqual({
    total: 1,
    recent: [
      {
        kind: 'not_finite',
        node: 'low',
        seconds: 1.5,
        batch: 3,
        channel: 0,
        text: 'low: batch 3 of channel 0 was not finite; it is silent until the next tick and begins anew',
      },
    ],
  });
});

test('a latency that is not as declared is told with both numbers', () => {
  const text = 'look: its type limiter declares a latency of 1 frame, and 64 frames were measured';
  expect(logOf(lie).log.summary().recent).toMatchObject([{ declared: 1, measured: 64, text }]);
});

test('a performer hears of each node and kind once', () => {
  const { log, notices } = logOf(notFinite(), notFinite({ batch: 4 } as Partial<NodeFault>), lie);
  expect(notices).toHaveLength(2);
  expect(log.add([notFinite(), lie], () => nodes)).toEqual([]);
});

test('all are counted, and the newest twenty are kept', () => {
  const { log } = logOf(...Array.from({ length: 25 }, (_, index) => notFinite({ frame: 48_000 * index })));
  const { total, recent } = log.summary();
  expect({ total, first: recent[0]?.seconds, kept: recent.length }).toEqual({ total: 25, first: 5, kept: 20 });
});

test('a node of a plan that nobody knows any more is told by its number', () => {
  expect(logOf(notFinite({ plan: 9 })).log.summary().recent[0]?.node).toBe('node 1');
});
