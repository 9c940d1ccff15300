// Loops need a delay: a node cannot read what it has not made yet.

import type { SourceSpan } from '../../patch/diagnostic.js';
import type { Patch } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import { buildGraph } from '../graph/graph.js';
import { shortestCycleThrough } from '../graph/shortest-cycle.js';
import { componentOfEachNode, strongComponents } from '../graph/strong-components.js';
import type { Frames } from '../plan.js';
import type { Dependencies, Dependency } from './dependencies.js';
import type { Refuse } from './refuse.js';
import { explainSteps, loopName } from './refuse.js';

/**
 * Refuses loops whose written delays are nothing, one for each set of nodes that such loops connect. Tells whether there are none.
 * Delays are those of all dependencies.
 */
export function refuseLoopsWithoutDelay(
  patch: Patch,
  dependencies: Dependencies,
  written: readonly Frames[],
  sampleRate: number,
  refuse: Refuse,
): boolean {
  const describe = (loop: readonly Dependency[]) =>
    loop.some(({ cause }) => !('signal' in cause) && elementAt(patch.edges, cause.edge).delay.number !== 0)
      ? `has delays that round to 0 frames at ${sampleRate} Hz`
      : 'has no delay';
  return refuseLoops(patch, dependencies, written, describe, refuse);
}

/** The same for what the latencies inside the loops have left of their delays. */
export function refuseLoopsWithoutDelayLeft(
  patch: Patch,
  dependencies: Dependencies,
  left: readonly Frames[],
  refuse: Refuse,
): boolean {
  const describe = () => 'has no delay left when the latency of its nodes is taken off';
  return refuseLoops(patch, dependencies, left, describe, refuse);
}

function refuseLoops(
  patch: Patch,
  dependencies: Dependencies,
  delays: readonly Frames[],
  describe: (loop: readonly Dependency[]) => string,
  refuse: Refuse,
): boolean {
  const loops = findLoopsWithoutDelay(patch.nodes.length, dependencies, delays);
  for (const loop of loops) {
    refuse(
      placeOf(patch, loop),
      `the loop ${loopName(patch, loop)} ${describe(loop)}${explainSteps(patch, loop)}; a loop needs a "delay" of at least 1 frame on one of its edges`,
    );
  }
  return loops.length === 0;
}

/** Its last edge in the patch, or a gate if no edge is part of it. */
function placeOf(patch: Patch, loop: readonly Dependency[]): SourceSpan {
  const edges = loop.flatMap(({ cause }) => (cause.type === 'edge' ? [cause.edge] : []));
  const gates = loop.flatMap(({ cause }) => (cause.type === 'edge' ? [] : [cause.gate]));
  return edges.length > 0
    ? elementAt(patch.edges, Math.max(...edges)).span
    : elementAt(patch.gates, elementAt(gates, 0)).span;
}

/** The dependencies of each loop, in its order. Where several lead from one node to another, the first one stands for all. */
function findLoopsWithoutDelay(
  nodeCount: number,
  { list }: Dependencies,
  delays: readonly Frames[],
): readonly (readonly Dependency[])[] {
  const immediate = list.filter((_, index) => delays[index] === 0);
  const components = strongComponents(buildGraph(nodeCount, immediate));
  const componentOf = componentOfEachNode(nodeCount, components);
  const looping = immediate.filter(({ from, to }) => componentOf[from] === componentOf[to]);
  const loopGraph = buildGraph(nodeCount, looping);
  return components.flatMap((nodes) => {
    const cycle = shortestCycleThrough(loopGraph, elementAt(nodes, 0));
    return cycle === undefined ? [] : [cycle.map((arc) => elementAt(looping, arc))];
  });
}
