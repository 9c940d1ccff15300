// Which nodes and edges a performer wants to see first.

import type { EdgeReport, NodeReport } from './status.js';

/** Those that take the largest share first, by means that stand for two seconds; equal ones stay in their order. */
export function heaviestNodes(nodes: readonly NodeReport[]): readonly NodeReport[] {
  return nodes.toSorted((one, other) => other.share - one.share);
}

/** The warmest first; equal ones stay in their order. */
export function hottestNodes(nodes: readonly NodeReport[]): readonly NodeReport[] {
  return nodes.toSorted((one, other) => other.temperature - one.temperature);
}

/** Those on which most frames wait first; equal ones stay in their order. */
export function fullestEdges(edges: readonly EdgeReport[]): readonly EdgeReport[] {
  return edges.toSorted((one, other) => other.depth - one.depth);
}
