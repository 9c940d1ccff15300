import { describe, expect, test } from 'vitest';
import type { PatchGate } from '../../src/patch/patch.js';
import { complaintsAbout, planOf } from './compiling.js';
import type { PatchSketch } from './patch-builder.js';
import { latentType, literal } from './patch-builder.js';

const span = { offset: 0, length: 0 };
const signal = (node: number, output = 0): PatchGate['signals'][number] => ({ node, output, span });

/** Two tones that meet at a gate: one through a filter, one straight. */
const meeting = {
  nodes: {
    late: { type: 'gain' },
    out: { type: 'output' },
    a: { type: 'sine' },
    b: { type: 'sine' },
    mover: { type: 'square' },
  },
  edges: [
    { from: 'a', to: 'late' },
    { from: 'b', to: 'out' },
    { from: 'late', to: 'out' },
  ],
} satisfies PatchSketch;

/** The nodes in the order in which they run. */
function orderOf(sketch: PatchSketch): readonly (string | undefined)[] {
  const plan = planOf(sketch);
  return plan.components.flatMap(({ nodes }) => nodes.map((node) => plan.nodes[node]?.id));
}

describe('a barrier', () => {
  test('lets every consumer run after every source', () => {
    const order = orderOf({ ...meeting, gates: [{ id: 'both', members: [0, 1] }] });
    expect(order.indexOf('b')).toBeLessThan(order.indexOf('late'));
  });

  test('makes one component of nodes that wait for each other, with the quantum that the delay allows', () => {
    const sketch = {
      nodes: { a: { type: 'gain' }, b: { type: 'gain' }, out: { type: 'output' } },
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'out', delay: 300 },
      ],
      gates: [{ id: 'chain', members: [0, 1] }],
    } satisfies PatchSketch;
    expect(planOf(sketch).components).toEqual([
      { quantum: 4096, isLoop: false, nodes: [0] },
      { quantum: 256, isLoop: true, nodes: [1] },
      { quantum: 4096, isLoop: false, nodes: [2] },
    ]);
  });

  test('that lets a node wait for itself is refused, and says which one', () => {
    const sketch = {
      nodes: { a: { type: 'gain' }, b: { type: 'gain' }, out: { type: 'output' } },
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'out' },
      ],
      gates: [{ id: 'chain', members: [0, 1] }],
    } satisfies PatchSketch;
    expect(complaintsAbout(sketch)).toEqual([
      '1: the loop b -> b has no delay ("b" waits for "b.out" at the barrier of gate "chain"); a loop needs a "delay" of at least 1 frame on one of its edges',
    ]);
  });

  test('that closes a loop with edges is refused with the whole loop', () => {
    const sketch = {
      nodes: { a: { type: 'gain' }, b: { type: 'gain' }, c: { type: 'gain' }, out: { type: 'output' } },
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'c' },
        { from: 'c', to: 'out' },
      ],
      gates: [{ id: 'wide', members: [0, 2] }],
    } satisfies PatchSketch;
    expect(complaintsAbout(sketch)).toEqual([
      '6: the loop b -> c -> b has no delay ("b" waits for "c.out" at the barrier of gate "wide"); a loop needs a "delay" of at least 1 frame on one of its edges',
    ]);
  });

  test('says of delays that are too short that they round to nothing', () => {
    const sketch = {
      nodes: { a: { type: 'gain' }, b: { type: 'gain' }, out: { type: 'output' } },
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'out', delay: literal(0.001, 'milliseconds') },
      ],
      gates: [{ id: 'chain', members: [0, 1] }],
    } satisfies PatchSketch;
    expect(complaintsAbout(sketch)[0]).toContain('has delays that round to 0 frames at 48000 Hz');
  });

  test('changes no shape and no contract', () => {
    const taps = (sketch: PatchSketch) => planOf(sketch).nodes.map(({ inputs, outputs }) => [inputs, outputs]);
    expect(taps({ ...meeting, gates: [{ id: 'both', members: [0, 1] }] })).toEqual(taps(meeting));
  });
});

describe('a signal of a gate', () => {
  test('stands in the plan, in the order of the patch', () => {
    const gates = [{ id: 'both', members: [0, 1], signals: [signal(4), signal(2)] }];
    expect(planOf({ ...meeting, gates }).gates[0]?.signals).toEqual([
      { node: 4, output: 0 },
      { node: 2, output: 0 },
    ]);
  });

  test('is made before any consumer of the gate runs', () => {
    const order = orderOf({ ...meeting, gates: [{ id: 'both', members: [0, 1], signals: [signal(4)] }] });
    expect(order.indexOf('mover')).toBeLessThan(order.indexOf('late'));
  });

  test('that follows from what its gate lets through is refused', () => {
    const gates = [{ id: 'both', members: [0], signals: [signal(0)] }];
    expect(complaintsAbout({ ...meeting, gates })).toEqual([
      '1: the loop late -> late has no delay ("late" waits for "late.out", a signal of gate "both"); a loop needs a "delay" of at least 1 frame on one of its edges',
    ]);
  });

  test('that comes late makes its consumers late, and other paths are lengthened to meet them', () => {
    const sketch = {
      nodes: {
        slow: { type: latentType(100) },
        tone: { type: 'sine' },
        out: { type: 'output' },
      },
      edges: [{ from: 'tone', to: 'out' }],
      gates: [{ id: 'slowly', members: [0], signals: [signal(0)] }],
    } satisfies PatchSketch;
    const plan = planOf(sketch);
    expect([plan.nodes[2]?.alignedLatency, plan.edges[0]?.alignment]).toEqual([100, 100]);
  });

  test('that is early anyway makes nothing later', () => {
    const sketch = {
      nodes: { slow: { type: latentType(100) }, mover: { type: 'square' }, out: { type: 'output' } },
      edges: [{ from: 'slow', to: 'out' }],
      gates: [{ id: 'slowly', members: [0], signals: [signal(1)] }],
    } satisfies PatchSketch;
    expect(planOf(sketch).nodes.map(({ alignedLatency }) => alignedLatency)).toEqual([0, 0, 100]);
  });

  test('inside a loop takes its latency off the delay of the loop', () => {
    const sketch = {
      nodes: { bus: { type: 'mix' }, slow: { type: latentType(100) }, out: { type: 'output' } },
      edges: [
        { from: 'bus', to: 'slow', delay: 300 },
        { from: 'bus', to: 'out' },
        { from: 'out', to: 'bus', delay: 300 },
      ].slice(0, 2),
      gates: [],
    } satisfies PatchSketch;
    const looped = {
      ...sketch,
      edges: [...sketch.edges, { from: 'bus', to: 'bus', delay: 50 }],
      gates: [{ id: 'own', members: [2], signals: [signal(1)] }],
    };
    const plan = planOf(looped);
    // The signal is 100 frames late, so the bus would be, and what feeds it is read so much later.
    expect(plan.components.find(({ nodes }) => nodes.includes(1))?.isLoop).toBe(true);
    expect(plan.edges[0]?.delay).toBe(200);
  });
});

describe('the grid of a gate', () => {
  test('of less than a frame is refused', () => {
    const gates = [{ id: 'both', members: [0], quantize: literal(1 / 1_000_000, 'whole_notes') }];
    expect(complaintsAbout({ ...meeting, gates })[0]).toMatch(
      /of gate "both" is 0 frames at 48000 Hz; 1 to 4294967296/,
    );
  });
});

describe('voices behind gates', () => {
  const voices = {
    nodes: { keys: { type: 'keys' }, env: { type: 'adsr' }, saw: { type: 'gain' }, out: { type: 'output' } },
    edges: [
      { from: 'keys.gate', to: 'env.gate' },
      { from: 'env', to: 'saw' },
      { from: 'saw', to: 'out' },
    ],
  } satisfies PatchSketch;

  test('are summed before a gate that holds them', () => {
    const plan = planOf({ ...voices, gates: [{ id: 'drop', members: [2], whileClosed: 'hold' }] });
    const member = plan.edges[2];
    expect(plan.nodes[member?.fromNode ?? -1]?.id).toBe('saw.out.voices');
    expect(member?.gate).toBe(0);
  });

  test.each(['mute', 'sample'] as const)('need no sum of their own before a gate that is to %s', (whileClosed) => {
    expect(planOf({ ...voices, gates: [{ id: 'drop', members: [2], whileClosed }] }).nodes).toHaveLength(4);
  });

  test('never end where a gate holds what goes from one to the next', () => {
    const ringWith = (whileClosed: 'mute' | 'hold') =>
      planOf({ ...voices, gates: [{ id: 'inside', members: [1], whileClosed }] }).voiceGroups[0]?.ring;
    expect([ringWith('mute'), ringWith('hold')]).toEqual([expect.any(Number), 'endless']);
  });

  test('never end while one of them moves a gate', () => {
    const gates = [{ id: 'follow', members: [2], signals: [signal(1)] }];
    expect(planOf({ ...voices, gates }).voiceGroups[0]?.ring).toBe('endless');
  });
});
