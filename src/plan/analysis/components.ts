// Components: the strongly connected sets of nodes, in an order in which each can run after what it reads.

import { elementAt } from '../graph/element-at.js';
import type { Graph } from '../graph/graph.js';
import { componentOfEachNode, strongComponents } from '../graph/strong-components.js';
import { topologicalOrder } from '../graph/topological-order.js';

export interface Component {
  /** In the patch's order. */
  readonly nodes: readonly number[];
  /** Whether the nodes wait for each other: more than one node, or one that waits for itself. */
  readonly isLoop: boolean;
  /** The dependencies of members on each other, by index. */
  readonly inner: readonly number[];
}

export interface Components {
  /** In topological order; of those that are free, the one whose first node comes first in the patch. */
  readonly list: readonly Component[];
  /** For each node the place of its component in that list. */
  readonly componentOf: ArrayLike<number>;
}

/** Of a graph of dependencies. Delays do not matter here: a loop with a delay is a loop. */
export function findComponents(graph: Graph): Components {
  // In order of their first nodes, so that the order of the indices is that of the patch.
  const found = strongComponents(graph);
  const foundOf = componentOfEachNode(graph.nodeCount, found);
  const between = graph.arcs
    .map(({ from, to }) => ({ from: elementAt(foundOf, from), to: elementAt(foundOf, to) }))
    .filter(({ from, to }) => from !== to);
  const ordered = topologicalOrder(found.length, between).map((component) => elementAt(found, component));

  const componentOf = componentOfEachNode(graph.nodeCount, ordered);
  const innerArcs: number[][] = ordered.map(() => []);
  graph.arcs.forEach(({ from, to }, arc) => {
    const component = elementAt(componentOf, from);
    if (component === componentOf[to]) {
      elementAt(innerArcs, component).push(arc);
    }
  });
  const list = ordered.map((nodes, component) => {
    const inner = elementAt(innerArcs, component);
    return { nodes, isLoop: inner.length > 0, inner };
  });
  return { list, componentOf };
}
