import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiled, complaintsAbout, edgeIn, nodeIn, planOf } from './compiling.js';
import type { EdgeSketch, NodeSketch, PatchSketch } from './patch-builder.js';
import { latentType, literal } from './patch-builder.js';

const ends = { source: { type: 'sine' }, mix: { type: 'mix' }, out: { type: 'output' } };

/** A dry and a wet path from a source to a mix; the wet one is late. */
function twoPaths(latency: number, dry: Partial<EdgeSketch> = {}): PatchSketch {
  return {
    nodes: { ...ends, wet: { type: latentType(latency) } },
    edges: [
      { from: 'source', to: 'wet' },
      { from: 'wet', to: 'mix' },
      { from: 'source', to: 'mix', ...dry },
      { from: 'mix', to: 'out' },
    ],
  };
}

describe('parallel paths', () => {
  test('the shorter one is lengthened by what the longer one is late', () => {
    expect(edgeIn(planOf(twoPaths(512)), 'source', 'mix').alignment).toBe(512);
  });

  test('a written delay is kept besides', () => {
    const { delay, alignment } = edgeIn(planOf(twoPaths(512, { delay: 100 })), 'source', 'mix');
    expect([delay, alignment]).toEqual([100, 512]);
  });

  test('an edge that says "align": false is left as it is', () => {
    expect(edgeIn(planOf(twoPaths(512, { align: false })), 'source', 'mix').alignment).toBe(0);
  });

  test('what was added is reported', () => {
    expect(compiled(twoPaths(512)).report).toEqual({
      lengthened: [{ edge: 2, frames: 512 }],
      shortened: [],
      outputLatency: 512,
    });
  });

  test('the wheel that feeds the lengthened edge keeps as much', () => {
    expect(nodeIn(planOf(twoPaths(512)), 'source').outputs[0]?.history).toBe(512);
  });

  test('all outputs are as late as the latest', () => {
    const sketch = twoPaths(512);
    const plan = planOf({
      nodes: { ...sketch.nodes, second: { type: 'output' } },
      edges: [...(sketch.edges ?? []), { from: 'source', to: 'second' }],
    });
    expect(edgeIn(plan, 'source', 'second').alignment).toBe(512);
  });

  test('all edges that may be lengthened bring material of one time to a node', () => {
    const latencies = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 7 });
    const pairs = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 14 });
    fc.assert(
      fc.property(latencies, pairs, (each, wishes) => {
        const nodes = each.map((latency, index): [string, NodeSketch] => [`n${index}`, { type: latentType(latency) }]);
        const edges = wishes
          .filter(([from, to]) => from < to && to < each.length)
          .map(([from, to], index) => ({ id: `e${index}`, from: `n${from}`, to: `n${to}` }));
        const plan = planOf({ nodes: Object.fromEntries([...nodes, ['out', { type: 'output' }]]), edges });
        for (const { fromNode, toNode, alignment } of plan.edges) {
          const late = (node: number) => plan.nodes[node]?.alignedLatency ?? Number.NaN;
          expect(late(fromNode) + (each[fromNode] ?? 0) + alignment).toBe(late(toNode));
        }
      }),
    );
  });

  test('of the edges into a node at least one is not lengthened', () => {
    const plan = planOf(twoPaths(512));
    expect(
      plan.edges.filter(({ toNode }) => plan.nodes[toNode]?.id === 'mix').map(({ alignment }) => alignment),
    ).toContain(0);
  });
});

describe('latency inside a loop', () => {
  /** source -> mix -> effect -> mix, with the delay on the way back. */
  function loop(latency: number, delay: number): PatchSketch {
    return {
      nodes: { ...ends, effect: { type: latentType(latency) } },
      edges: [
        { from: 'source', to: 'mix' },
        { from: 'mix', to: 'effect' },
        { from: 'effect', to: 'mix', delay },
        { from: 'mix', to: 'out' },
      ],
    };
  }

  test('is taken off the written delay', () => {
    expect(edgeIn(planOf(loop(64, 1000)), 'effect', 'mix').delay).toBe(936);
  });

  test('what was taken is reported', () => {
    expect(compiled(loop(64, 1000)).report.shortened).toEqual([{ edge: 2, frames: 64 }]);
  });

  test('makes nothing outside late', () => {
    expect(compiled(loop(64, 1000)).report.outputLatency).toBe(0);
  });

  test('is taken off a delay that stands elsewhere in the loop', () => {
    const sketch = loop(64, 0);
    const edges = (sketch.edges ?? []).map((edge) =>
      edge.from === 'mix' && edge.to === 'effect' ? { ...edge, delay: 1000 } : edge,
    );
    const plan = planOf({ ...sketch, edges });
    expect([edgeIn(plan, 'mix', 'effect').delay, edgeIn(plan, 'effect', 'mix').delay]).toEqual([936, 0]);
  });

  test('counts for the quantum', () => {
    expect(planOf(loop(64, 192)).components.find(({ isLoop }) => isLoop)?.quantum).toBe(128);
  });

  test('that is longer than the delay is refused, with what would fit', () => {
    expect(complaintsAbout(loop(64, 50))).toEqual([
      '7: the loop mix -> effect -> mix has delays of 50 frames, but its nodes have a latency of 64; at least 65 frames fit',
    ]);
  });

  test('that leaves no delay is refused', () => {
    expect(complaintsAbout(loop(64, 64))[0]).toMatch('the loop mix -> effect -> mix has no delay left');
  });

  /** In the loop a dry path beside the effect. */
  function forked(align: boolean): PatchSketch {
    return {
      nodes: { ...ends, split: { type: 'mix' }, effect: { type: latentType(64) } },
      edges: [
        { from: 'source', to: 'split' },
        { from: 'split', to: 'effect' },
        { from: 'effect', to: 'mix' },
        { from: 'split', to: 'mix', align },
        { from: 'mix', to: 'split', delay: literal(1, 'seconds') },
        { from: 'mix', to: 'out' },
      ],
    };
  }

  test('beside a path without it is refused, because no edge inside is lengthened', () => {
    expect(complaintsAbout(forked(true))[0]).toMatch(/parallel paths have unlike latencies.*"align": false/);
  });

  test('beside a path that may be early is taken off', () => {
    expect(edgeIn(planOf(forked(false)), 'mix', 'split').delay).toBe(48_000 - 64);
  });

  test('every aligned loop keeps its written length', () => {
    const ring = fc.array(fc.record({ latency: fc.nat(20), delay: fc.nat(40) }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(ring, (links) => {
        const nodes = links.map(({ latency }, index): [string, NodeSketch] => [
          `n${index}`,
          { type: latentType(latency) },
        ]);
        const edges = links.map(({ delay }, index) => ({
          from: `n${index}`,
          to: `n${(index + 1) % links.length}`,
          delay,
        }));
        const sketch = { nodes: Object.fromEntries([...nodes, ['out', { type: 'output' }]]), edges };
        const written = links.reduce((sum, { delay }) => sum + delay, 0);
        const latency = links.reduce((sum, link) => sum + link.latency, 0);
        if (written <= latency) {
          expect(complaintsAbout(sketch)).not.toEqual([]);
        } else {
          const left = planOf(sketch).edges.reduce((sum, { delay }) => sum + delay, 0);
          expect(left + latency).toBe(written);
        }
      }),
    );
  });
});
