// Topological order: A. Kahn, "Topological sorting of large networks", 1962, with a heap, so that among the nodes that are
// free the first one goes first.

import { elementAt } from './element-at.js';
import type { Arc } from './graph.js';
import { MinimumHeap } from './minimum-heap.js';

/**
 * The nodes 0 .. n-1 so that each arc points forwards; of all such orders the one that is smallest in lexicographic order.
 * Nodes on or behind a cycle are missing, so a shorter result means that there is one. O((n + arcs) log n).
 */
export function topologicalOrder(nodeCount: number, arcs: readonly Arc[]): readonly number[] {
  const successors: number[][] = Array.from({ length: nodeCount }, () => []);
  const waitingFor = new Int32Array(nodeCount);
  for (const { from, to } of arcs) {
    elementAt(successors, from).push(to);
    waitingFor[to] = elementAt(waitingFor, to) + 1;
  }
  const free = new MinimumHeap();
  for (let node = 0; node < nodeCount; node += 1) {
    if (waitingFor[node] === 0) {
      free.push(node);
    }
  }
  const order: number[] = [];
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    order.push(node);
    for (const successor of elementAt(successors, node)) {
      const left = elementAt(waitingFor, successor) - 1;
      waitingFor[successor] = left;
      if (left === 0) {
        free.push(successor);
      }
    }
  }
  return order;
}
