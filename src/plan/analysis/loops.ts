// Loops need a delay: a node cannot read what it has not made yet.

import type { Patch } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import { buildGraph } from '../graph/graph.js';
import { shortestCycleThrough } from '../graph/shortest-cycle.js';
import { componentOfEachNode, strongComponents } from '../graph/strong-components.js';
import type { Frames } from '../plan.js';
import type { Refuse } from './refuse.js';
import { loopName } from './refuse.js';

/** Refuses loops whose written delays are nothing, one for each set of nodes that such loops connect. Tells whether there are none. */
export function refuseLoopsWithoutDelay(
  patch: Patch,
  written: readonly Frames[],
  sampleRate: number,
  refuse: Refuse,
): boolean {
  const describe = (loop: readonly number[]) =>
    loop.some((edge) => elementAt(patch.edges, edge).delay.number !== 0)
      ? `has delays that round to 0 frames at ${sampleRate} Hz`
      : 'has no delay';
  return refuseLoops(patch, written, describe, refuse);
}

/** The same for what the latencies inside the loops have left of their delays. */
export function refuseLoopsWithoutDelayLeft(patch: Patch, left: readonly Frames[], refuse: Refuse): boolean {
  return refuseLoops(patch, left, () => 'has no delay left when the latency of its nodes is taken off', refuse);
}

function refuseLoops(
  patch: Patch,
  delays: readonly Frames[],
  describe: (loop: readonly number[]) => string,
  refuse: Refuse,
): boolean {
  const loops = findLoopsWithoutDelay(patch, delays);
  for (const loop of loops) {
    const last = loop.reduce((later, edge) => Math.max(later, edge));
    refuse(
      elementAt(patch.edges, last).span,
      `the loop ${loopName(patch, loop)} ${describe(loop)}; a loop needs a "delay" of at least 1 frame on one of its edges`,
    );
  }
  return loops.length === 0;
}

/** The edges of each loop, in its order. */
function findLoopsWithoutDelay(patch: Patch, delays: readonly Frames[]): readonly (readonly number[])[] {
  const arcOf = (edge: number) => {
    const { fromNode, toNode } = elementAt(patch.edges, edge);
    return { from: fromNode, to: toNode };
  };
  const immediate = delays.flatMap((delay, edge) => (delay === 0 ? [edge] : []));
  const components = strongComponents(buildGraph(patch.nodes.length, immediate.map(arcOf)));
  const componentOf = componentOfEachNode(patch.nodes.length, components);
  const looping = immediate.filter((edge) => {
    const { from, to } = arcOf(edge);
    return componentOf[from] === componentOf[to];
  });
  const loopGraph = buildGraph(patch.nodes.length, looping.map(arcOf));
  return components.flatMap((nodes) => {
    const cycle = shortestCycleThrough(loopGraph, elementAt(nodes, 0));
    return cycle === undefined ? [] : [cycle.map((arc) => elementAt(looping, arc))];
  });
}
