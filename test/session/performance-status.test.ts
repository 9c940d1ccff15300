// What OSC subscribers are told of a status.

import { expect, test } from 'vitest';
import { encodeStatus } from '../../src/control/osc/status-feed.js';
import { statusReport } from '../../src/session/performance-status.js';
import { edge, sampleStatus } from '../tui/sample-status.mjs';

const sample = sampleStatus();
const cool = { temperature: 25, power: 0, state: 'cool' as const, gain: 1 };

test('nodes are told the heaviest first, with what they take, how often they were late, and how long they stood', () => {
  const { nodes } = statusReport(sample);
  const [saw, keys] = ['saw', 'keys'].map((id) => sample.nodes.find((node) => node.id === id)?.last);
  expect(nodes?.slice(0, 9)).toEqual(['saw', 0.051, saw, 68e-6, 74e-6, 0.0012, 2, 0n, 0]);
  expect(nodes?.slice(9)).toEqual(['keys', 0.002, keys, 2.6e-6, 4e-6, 9e-6, 0, 0n, 0]);
});

test('edges are told the fullest first, with the age of what waits', () => {
  const { edges } = statusReport(sample);
  expect(edges?.slice(0, 4)).toEqual(['echo.out -> echo.in', 22_500, 22_564, 0.468]);
});

test('an edge is told with what a gate dropped of it, and how often its wheel grew', () => {
  const { edges } = statusReport({ ...sample, edges: [edge({ name: 'a.out -> b.in', drops: 7, growths: 2 })] });
  expect(edges).toEqual(['a.out -> b.in', 0, 0, 0, 0, 0, 7, 2]);
});

test('a gate is told with its state, what waits for the grid, and what it holds', () => {
  const gate = { id: 'drop', state: 'closed', whileClosed: 'hold', heldSeconds: 1.5 } as const;
  const change = { opens: true, seconds: 0.25, beats: 0.5 };
  expect(statusReport({ ...sample, gates: [gate] })).toMatchObject({ 'gate/drop': ['closed', '', 0, 0, 1.5] });
  expect(statusReport({ ...sample, gates: [{ ...gate, change }] })).toMatchObject({
    'gate/drop': ['closed', 'opens', 0.25, 0.5, 1.5],
  });
});

test('heat is told of the graph, its tap groups, and the warmest nodes first', () => {
  const groups = [{ name: '1a', temperature: 40, power: 1, state: 'warm' as const }];
  const thermal = { ...sample.thermal, temperature: 60, power: 2, state: 'hot' as const, groups };
  const nodes = sample.nodes.map((node, index) => ({ ...node, temperature: 30 + index, state: 'cool' as const }));
  const report = statusReport({ ...sample, thermal, nodes });
  expect(report).toMatchObject({ thermal: [60, 'hot', 2, '1a', 40, 'warm'] });
  const warmest = nodes.at(-1);
  expect(report['thermal/nodes']?.slice(0, 4)).toEqual([warmest?.id, warmest?.temperature, 'cool', warmest?.gain]);
});

test('the load is told with the voices that it has cost', () => {
  const { mean, worst } = sample.load;
  expect(statusReport({ ...sample, shedVoices: 3 })).toMatchObject({ load: [mean, worst, 3] });
});

test('moves that were too slow for their area are told by what moved', () => {
  const slowMoves = [{ target: 'low.cutoff', moves: 3 }];
  expect(statusReport({ ...sample, slowMoves })).toMatchObject({ moves: ['low.cutoff', 3] });
});

test('every worker is told', () => {
  const workerLoads = [0.25, 0.5].map((busy) => ({ busy, idle: 1 - busy, cpu: busy / 2 }));
  const { workers } = statusReport({ ...sample, workerLoads });
  expect(workers).toEqual([0.25, 0.125, 0.5, 0.25]);
});

test('a node is told with what it has not made, and whether it stands', () => {
  const node = {
    id: 'saw',
    type: 'saw',
    last: 0.5,
    mean: 1,
    p99: 2,
    max: 3,
    share: 4,
    late: 5,
    stood: 6,
    stands: true,
    ...cool,
  };
  const { nodes } = statusReport({ ...sample, nodes: [node] });
  expect(nodes).toEqual(['saw', 4, 0.5, 1, 2, 3, 5, 6n, 1]);
});

test('a thousand nodes and edges still fit into packets that pass an Ethernet', () => {
  const nodes = Array.from({ length: 1000 }, (_, index) => ({
    ...{ type: 'saw', last: 0, mean: 0, p99: 0, max: 0, late: 0, stood: 0, stands: false },
    ...cool,
    id: `a_node_with_a_long_name_${index}`,
    share: index,
  }));
  const edges = nodes.map(({ id, share }) => edge({ name: `${id}.out -> ${id}.in`, depth: share }));
  const packets = encodeStatus(statusReport({ ...sample, nodes, edges }));
  expect(Math.max(...packets.map((packet) => packet.length))).toBeLessThanOrEqual(1400);
});

test('the patch is told with the frame from which it plays, and with the first mistake while a change is refused', () => {
  const handOver = { kind: 'reload', path: 'b.jsonc', frame: 96_000, seconds: 2 } as const;
  const refusal = { kind: 'reload', path: 'b.jsonc', reasons: ['b.jsonc:2:3: no', 'b.jsonc:4:5: neither'] } as const;
  const { name, path } = sample.patch;
  expect(statusReport(sample)).toMatchObject({ patch: [name, path, 0n] });
  const changed = statusReport({ ...sample, handOver, refusal });
  expect(changed).toMatchObject({ patch: [name, path, 96_000n, 'b.jsonc:2:3: no'] });
});
