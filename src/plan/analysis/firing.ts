// Quanta: how many frames a component makes in one firing, and in which order its nodes fire.

import { elementAt } from '../graph/element-at.js';
import type { Arc, Graph } from '../graph/graph.js';
import { topologicalOrder } from '../graph/topological-order.js';
import type { Frames } from '../plan.js';
import { largestBlock } from '../plan.js';
import type { Component } from './components.js';

export interface Firing {
  /** The largest power of two, at most `largestBlock`, for which the component without its dependencies of delay >= it has no loop. */
  readonly quantum: number;
  /** The nodes in the order in which they fire: a topological order without those edges, ties in the patch's order. */
  readonly order: readonly number[];
}

/** Nothing if the component has a loop without delay. `graph` and `delays` are those of all dependencies. */
export function findFiring(graph: Graph, component: Component, delays: readonly Frames[]): Firing | undefined {
  if (component.inner.length === 0 && component.nodes.length === 1) {
    return { quantum: largestBlock, order: component.nodes };
  }
  const inner = new InnerGraph(graph, component, delays);
  // An order for a quantum is one for each smaller quantum, because that has fewer edges: search for the last that works.
  let best = inner.order(1);
  if (best === undefined) {
    return undefined;
  }
  let low = 0;
  let high = Math.log2(largestBlock);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const order = inner.order(2 ** middle);
    if (order === undefined) {
      high = middle - 1;
    } else {
      best = order;
      low = middle;
    }
  }
  return { quantum: 2 ** low, order: best };
}

/** The dependencies inside one component between the places of its nodes. */
class InnerGraph {
  readonly #nodes: readonly number[];
  readonly #arcs: readonly (Arc & { readonly delay: Frames })[];

  constructor(graph: Graph, component: Component, delays: readonly Frames[]) {
    const placeOf = new Map(component.nodes.map((node, place) => [node, place]));
    this.#nodes = component.nodes;
    this.#arcs = component.inner.map((arc) => {
      const { from, to } = elementAt(graph.arcs, arc);
      return { from: placeOf.get(from) ?? 0, to: placeOf.get(to) ?? 0, delay: elementAt(delays, arc) };
    });
  }

  /** The order without the edges of delay >= quantum; nothing if there is a loop. */
  order(quantum: number): readonly number[] | undefined {
    const kept = this.#arcs.filter(({ delay }) => delay < quantum);
    const order = topologicalOrder(this.#nodes.length, kept);
    return order.length === this.#nodes.length ? order.map((place) => elementAt(this.#nodes, place)) : undefined;
  }
}
