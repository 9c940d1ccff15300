// Strongly connected components: R. Tarjan, "Depth-first search and linear graph algorithms", 1972, with a stack of its
// own, so that a chain of any length can be walked.

import { elementAt } from './element-at.js';
import type { Graph } from './graph.js';

const unvisited = -1;

/** The nodes of each component in ascending order; the components in order of their first node. O(nodes + arcs). */
export function strongComponents(graph: Graph): readonly (readonly number[])[] {
  const { nodeCount } = graph;
  const visit = new Int32Array(nodeCount).fill(unvisited);
  const lowest = new Int32Array(nodeCount);
  const nextArc = new Int32Array(nodeCount);
  const isPending = new Uint8Array(nodeCount);
  const pending: number[] = [];
  const path: number[] = [];
  const components: number[][] = [];
  let visits = 0;

  const enter = (node: number): void => {
    visit[node] = visits;
    lowest[node] = visits;
    visits += 1;
    isPending[node] = 1;
    pending.push(node);
    path.push(node);
  };
  const lower = (node: number, candidate: number): void => {
    lowest[node] = Math.min(elementAt(lowest, node), candidate);
  };
  const leave = (node: number): void => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) {
      lower(parent, elementAt(lowest, node));
    }
    if (lowest[node] === visit[node]) {
      const members = pending.splice(pending.lastIndexOf(node));
      for (const member of members) {
        isPending[member] = 0;
      }
      components.push(members.sort((a, b) => a - b));
    }
  };

  for (let root = 0; root < nodeCount; root += 1) {
    if (visit[root] !== unvisited) {
      continue;
    }
    enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const arcs = elementAt(graph.outgoing, node);
      const position = elementAt(nextArc, node);
      if (position === arcs.length) {
        leave(node);
        continue;
      }
      nextArc[node] = position + 1;
      const target = elementAt(graph.arcs, elementAt(arcs, position)).to;
      if (visit[target] === unvisited) {
        enter(target);
      } else if (isPending[target] === 1) {
        lower(node, elementAt(visit, target));
      }
    }
  }
  return components.sort((a, b) => elementAt(a, 0) - elementAt(b, 0));
}

/** For each node the index of its component. */
export function componentOfEachNode(nodeCount: number, components: readonly (readonly number[])[]): Int32Array {
  const componentOf = new Int32Array(nodeCount);
  components.forEach((members, component) => {
    for (const member of members) {
      componentOf[member] = component;
    }
  });
  return componentOf;
}
