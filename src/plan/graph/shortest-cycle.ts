// A loop to show to a person: short, and the same one each time.

import { elementAt } from './element-at.js';
import type { Graph } from './graph.js';

/** The arcs of a shortest cycle through `start`, in order; nothing if there is none. Breadth first, O(nodes + arcs). */
export function shortestCycleThrough(graph: Graph, start: number): readonly number[] | undefined {
  const arcInto = new Map<number, number>();
  const queue = [start];
  for (let head = 0; head < queue.length; head += 1) {
    for (const arc of elementAt(graph.outgoing, elementAt(queue, head))) {
      const { to } = elementAt(graph.arcs, arc);
      if (to === start) {
        return [...arcsBackTo(graph, arcInto, start, elementAt(graph.arcs, arc).from), arc];
      }
      if (!arcInto.has(to)) {
        arcInto.set(to, arc);
        queue.push(to);
      }
    }
  }
  return undefined;
}

function arcsBackTo(graph: Graph, arcInto: ReadonlyMap<number, number>, start: number, end: number): readonly number[] {
  const arcs: number[] = [];
  for (let node = end; node !== start; ) {
    const arc = arcInto.get(node);
    if (arc === undefined) {
      break;
    }
    arcs.push(arc);
    node = elementAt(graph.arcs, arc).from;
  }
  return arcs.reverse();
}
