// A directed graph over nodes 0 .. n-1 whose edges keep the order in which they were given.

import { elementAt } from './element-at.js';

export interface Arc {
  readonly from: number;
  readonly to: number;
}

export interface Graph {
  readonly nodeCount: number;
  readonly arcs: readonly Arc[];
  /** For each node the indices of the arcs that leave it, in order. */
  readonly outgoing: readonly (readonly number[])[];
  /** For each node the indices of the arcs that enter it, in order. */
  readonly incoming: readonly (readonly number[])[];
}

export function buildGraph(nodeCount: number, arcs: readonly Arc[]): Graph {
  const outgoing: number[][] = Array.from({ length: nodeCount }, () => []);
  const incoming: number[][] = Array.from({ length: nodeCount }, () => []);
  arcs.forEach(({ from, to }, index) => {
    elementAt(outgoing, from).push(index);
    elementAt(incoming, to).push(index);
  });
  return { nodeCount, arcs, outgoing, incoming };
}
