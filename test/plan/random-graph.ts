// Small random graphs as patches of mixes, whose edges may go anywhere, and what a graph is by definition.

import fc from 'fast-check';
import type { PatchSketch } from './patch-builder.js';

export interface RandomEdge {
  readonly from: number;
  readonly to: number;
  readonly delay: number;
}

export interface RandomGraph {
  readonly nodeCount: number;
  readonly edges: readonly RandomEdge[];
}

const delay = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 13 }).map((power) => 2 ** power) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 9000 }) },
);

/** Graphs whose edges against the order of the nodes have a delay, unless `mayStarve`. */
function randomGraph(mayStarve: boolean): fc.Arbitrary<RandomGraph> {
  return fc.integer({ min: 1, max: 7 }).chain((nodeCount) => {
    const node = fc.integer({ min: 0, max: nodeCount - 1 });
    const edge = fc.record({ from: node, to: node, delay });
    const edges = fc.array(edge, { maxLength: 2 * nodeCount + 2 });
    return fc.record({ nodeCount: fc.constant(nodeCount), edges }).map((graph) => ({
      ...graph,
      edges: graph.edges.map((each) =>
        mayStarve || each.from < each.to ? each : { ...each, delay: Math.max(1, each.delay) },
      ),
    }));
  });
}

export const anyGraph = randomGraph(true);
export const legalGraph = randomGraph(false);

/** A patch with that graph, and an output that nothing in it depends on. */
export function patchOfGraph({ nodeCount, edges }: RandomGraph): PatchSketch {
  const mixes = Array.from({ length: nodeCount }, (_, index) => [`n${index}`, { type: 'mix' }] as const);
  return {
    nodes: Object.fromEntries([...mixes, ['out', { type: 'output' }]]),
    edges: [
      ...edges.map(({ from, to, delay: frames }, index) => ({
        id: `e${index}`,
        from: `n${from}`,
        to: `n${to}`,
        delay: frames,
      })),
      { from: `n${nodeCount - 1}`, to: 'out' },
    ],
  };
}

/** By definition: the nodes that can be reached over one edge or more. */
export function reachableFrom(start: number, edges: readonly RandomEdge[]): ReadonlySet<number> {
  const reached = new Set<number>();
  let before = -1;
  while (before < reached.size) {
    before = reached.size;
    for (const { from, to } of edges) {
      if (from === start || reached.has(from)) {
        reached.add(to);
      }
    }
  }
  return reached;
}

export function hasCycle({ nodeCount, edges }: RandomGraph): boolean {
  return Array.from({ length: nodeCount }, (_, node) => node).some((node) => reachableFrom(node, edges).has(node));
}
