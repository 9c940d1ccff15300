import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/plan/plan.js';
import { complaintsAbout, planOf } from './compiling.js';
import { literal } from './patch-builder.js';
import type { RandomEdge } from './random-graph.js';
import { anyGraph, hasCycle, legalGraph, patchOfGraph, reachableFrom } from './random-graph.js';

const powers = Array.from({ length: 13 }, (_, power) => 2 ** power);

/** The edges between the mixes, in each component. */
function innerEdges(plan: Plan, component: number): readonly RandomEdge[] {
  return plan.edges
    .filter(
      ({ fromNode, toNode }) =>
        plan.nodes[fromNode]?.component === component && plan.nodes[toNode]?.component === component,
    )
    .map(({ fromNode, toNode, delay }) => ({ from: fromNode, to: toNode, delay }));
}

/** All nodes in the order in which the components, and the nodes inside them, run. */
function wholeOrder(plan: Plan): readonly number[] {
  return plan.components.flatMap(({ nodes }) => nodes);
}

describe('components', () => {
  test('two nodes share a component exactly if each reaches the other', () => {
    fc.assert(
      fc.property(legalGraph, (graph) => {
        const plan = planOf(patchOfGraph(graph));
        for (let a = 0; a < graph.nodeCount; a += 1) {
          for (let b = 0; b < graph.nodeCount; b += 1) {
            const isMutual = a === b || (reachableFrom(a, graph.edges).has(b) && reachableFrom(b, graph.edges).has(a));
            expect(plan.nodes[a]?.component === plan.nodes[b]?.component).toBe(isMutual);
          }
        }
      }),
    );
  });

  test('every node stands in one component, the one that it names', () => {
    fc.assert(
      fc.property(legalGraph, (graph) => {
        const plan = planOf(patchOfGraph(graph));
        const named = plan.components.flatMap(({ nodes }, component) => nodes.map((node) => [node, component]));
        expect(named.sort(([a = 0], [b = 0]) => a - b)).toEqual(
          plan.nodes.map(({ component }, node) => [node, component]),
        );
      }),
    );
  });

  test('a component is a loop exactly if one of its nodes reaches itself', () => {
    fc.assert(
      fc.property(legalGraph, (graph) => {
        const plan = planOf(patchOfGraph(graph));
        const loops = plan.components.map(({ nodes }) =>
          nodes.some((node) => reachableFrom(node, graph.edges).has(node)),
        );
        expect(plan.components.map(({ isLoop }) => isLoop)).toEqual(loops);
      }),
    );
  });

  test('an edge from one component to another points forwards', () => {
    fc.assert(
      fc.property(legalGraph, (graph) => {
        const plan = planOf(patchOfGraph(graph));
        for (const { fromNode, toNode } of plan.edges) {
          expect(plan.nodes[fromNode]?.component).toBeLessThanOrEqual(plan.nodes[toNode]?.component ?? -1);
        }
      }),
    );
  });

  test('of the components that are free the one that begins first in the patch runs first', () => {
    fc.assert(
      fc.property(legalGraph, (graph) => {
        const { components, edges, nodes } = planOf(patchOfGraph(graph));
        const firstNode = components.map((component) => Math.min(...component.nodes));
        const comesBefore = (component: number) =>
          edges
            .map(({ fromNode, toNode }) => [nodes[fromNode]?.component ?? -1, nodes[toNode]?.component ?? -1] as const)
            .flatMap(([from, to]) => (to === component && from !== component ? [from] : []));
        components.forEach((_, place) => {
          const free = components
            .map((_, component) => component)
            .filter((component) => component >= place && comesBefore(component).every((before) => before < place));
          expect(firstNode[place]).toBe(Math.min(...free.map((component) => firstNode[component] ?? Number.NaN)));
        });
      }),
    );
  });

  test('of the components that are free the first of the patch comes first', () => {
    const plan = planOf({
      nodes: { out: { type: 'output' }, late: { type: 'mix' }, b: { type: 'sine' }, a: { type: 'sine' } },
      edges: [
        { from: 'a', to: 'late' },
        { from: 'late', to: 'out' },
      ],
    });
    expect(wholeOrder(plan).map((node) => plan.nodes[node]?.id)).toEqual(['b', 'a', 'late', 'out']);
  });
});

describe('quanta', () => {
  test('the quantum is the largest power of two without whose long edges there is no loop', () => {
    fc.assert(
      fc.property(legalGraph, (graph) => {
        const plan = planOf(patchOfGraph(graph));
        plan.components.forEach(({ quantum }, component) => {
          const edges = innerEdges(plan, component);
          const without = (q: number) => ({
            nodeCount: plan.nodes.length,
            edges: edges.filter(({ delay }) => delay < q),
          });
          expect(quantum).toBe(Math.max(...powers.filter((q) => !hasCycle(without(q)))));
        });
      }),
    );
  });

  test('inside a component every edge that is shorter than the quantum points forwards', () => {
    fc.assert(
      fc.property(legalGraph, (graph) => {
        const plan = planOf(patchOfGraph(graph));
        const place = new Map(wholeOrder(plan).map((node, at) => [node, at]));
        plan.components.forEach(({ quantum }, component) => {
          for (const { from, to, delay } of innerEdges(plan, component)) {
            expect(delay >= quantum || (place.get(from) ?? 0) < (place.get(to) ?? 0)).toBe(true);
          }
        });
      }),
    );
  });

  test('three edges of one frame make a quantum of 1, although they sum to 3', () => {
    const plan = planOf(
      patchOfGraph({
        nodeCount: 3,
        edges: [
          { from: 0, to: 1, delay: 1 },
          { from: 1, to: 2, delay: 1 },
          { from: 2, to: 0, delay: 1 },
        ],
      }),
    );
    expect(plan.components.map(({ quantum, isLoop }) => [quantum, isLoop])).toEqual([
      [1, true],
      [4096, false],
    ]);
  });

  test.each([
    [1, 1],
    [63, 32],
    [64, 64],
    [100, 64],
    [4096, 4096],
    [48_000, 4096],
  ])('a node that feeds itself after %d frames has a quantum of %d', (delay, quantum) => {
    const plan = planOf(patchOfGraph({ nodeCount: 1, edges: [{ from: 0, to: 0, delay }] }));
    expect(plan.components[0]?.quantum).toBe(quantum);
  });
});

describe('loops without delay', () => {
  test('a patch is refused exactly if its edges without delay make a loop', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const isStarved = hasCycle({ ...graph, edges: graph.edges.filter(({ delay }) => delay === 0) });
        expect(complaintsAbout(patchOfGraph(graph)).length > 0).toBe(isStarved);
      }),
    );
  });

  test('each loop that is printed is a loop of edges without delay', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const immediate = new Set(
          graph.edges.filter(({ delay }) => delay === 0).map(({ from, to }) => `n${from} n${to}`),
        );
        for (const complaint of complaintsAbout(patchOfGraph(graph))) {
          const loop = /the loop (.*) has no delay/.exec(complaint)?.[1]?.split(' -> ') ?? [];
          const steps = loop.slice(1).map((to, index) => `${loop[index]} ${to}`);
          expect(steps.length > 0 && loop[0] === loop.at(-1) && steps.every((step) => immediate.has(step))).toBe(true);
        }
      }),
    );
  });

  test('the message stands at the last edge of the loop and says what would fit', () => {
    const graph = {
      nodeCount: 3,
      edges: [
        { from: 0, to: 1, delay: 0 },
        { from: 1, to: 2, delay: 0 },
        { from: 2, to: 0, delay: 0 },
      ],
    };
    expect(complaintsAbout(patchOfGraph(graph))).toEqual([
      '7: the loop n0 -> n1 -> n2 -> n0 has no delay; a loop needs a "delay" of at least 1 frame on one of its edges',
    ]);
  });

  test('a delay that rounds to nothing is told apart from none', () => {
    const sketch = patchOfGraph({ nodeCount: 1, edges: [] });
    const complaints = complaintsAbout({
      ...sketch,
      edges: [{ from: 'n0', to: 'n0', delay: literal(0.001, 'milliseconds') }, ...(sketch.edges ?? [])],
    });
    expect(complaints[0]).toMatch('the loop n0 -> n0 has delays that round to 0 frames at 48000 Hz;');
  });

  test('two loops that share no node are both told', () => {
    const edges = [0, 1].map((node) => ({ from: node, to: node, delay: 0 }));
    expect(complaintsAbout(patchOfGraph({ nodeCount: 2, edges }))).toHaveLength(2);
  });

  test('a loop of very many nodes is printed in short', () => {
    const nodeCount = 20_000;
    const edges = Array.from({ length: nodeCount }, (_, from) => ({ from, to: (from + 1) % nodeCount, delay: 0 }));
    expect(complaintsAbout(patchOfGraph({ nodeCount, edges }))[0]).toMatch(
      /n0 -> n1 -> .* -> n15 -> \(19984 more\) -> n0 has no delay/,
    );
  });
});
