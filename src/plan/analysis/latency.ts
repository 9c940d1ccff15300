// Alignment: parallel paths through nodes of unlike latency meet at the same time, because the shorter ones are lengthened.

import type { Patch } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Graph } from '../graph/graph.js';
import type { Frames } from '../plan.js';
import type { Component, Components } from './components.js';
import type { Dependencies, Dependency } from './dependencies.js';
import type { LoopLatency } from './loop-latency.js';
import { fitLatencyIntoLoop } from './loop-latency.js';
import type { Refuse } from './refuse.js';
import { latencyOf } from './spectral.js';

export interface Alignment {
  /** For each node: how late its inputs are. */
  readonly alignedLatency: readonly Frames[];
  /** For each edge: the written delay, less what its loop gave up for latencies. */
  readonly delays: readonly Frames[];
  /** For each edge: what was added. */
  readonly alignments: readonly Frames[];
  /** How late the output is. */
  readonly outputLatency: Frames;
}

/**
 * Aligns a patch, component after component. A component is aligned as one node; its inner edges are never lengthened. A
 * node is no earlier than the signals that move its gates. `graph` has the edges alone. Nothing
 * if a latency inside a loop does not fit, which is refused.
 */
export function alignLatencies(
  patch: Patch,
  graph: Graph,
  dependencies: Dependencies,
  components: Components,
  written: readonly Frames[],
  refuse: Refuse,
): Alignment | undefined {
  const alignedLatency: Frames[] = patch.nodes.map(() => 0);
  const alignments: Frames[] = patch.edges.map(() => 0);
  const delays: Frames[] = [...written];
  const latenessAfter = (node: number) => elementAt(alignedLatency, node) + latencyOf(elementAt(patch.nodes, node));

  let isPossible = true;
  for (const component of components.list) {
    const inside = innerLatency(patch, dependencies, component, written, refuse);
    if (inside === undefined) {
      isPossible = false;
      continue;
    }
    const entering = enteringEdges(patch, graph, components, component);
    const shiftOf = (node: number) => inside.shifts.get(node) ?? 0;
    const awaited = [
      ...entering.map((edge) => elementAt(dependencies.list, edge)),
      ...enteringSignals(dependencies, components, component),
    ];
    const lateness = awaited.reduce((latest, { from, to }) => Math.max(latest, latenessAfter(from) - shiftOf(to)), 0);
    for (const node of component.nodes) {
      alignedLatency[node] = lateness + shiftOf(node);
    }
    for (const edge of entering) {
      const { fromNode, toNode } = elementAt(patch.edges, edge);
      alignments[edge] = elementAt(alignedLatency, toNode) - latenessAfter(fromNode);
    }
    for (const [edge, delay] of inside.delays) {
      delays[edge] = delay;
    }
  }
  const outputLatency = alignOutputs(patch, graph, alignedLatency, alignments);
  return isPossible ? { alignedLatency, delays, alignments, outputLatency } : undefined;
}

const noLatency: LoopLatency = { shifts: new Map(), delays: new Map() };

function innerLatency(
  patch: Patch,
  dependencies: Dependencies,
  component: Component,
  written: readonly Frames[],
  refuse: Refuse,
): LoopLatency | undefined {
  const hasLatency = component.nodes.some((node) => latencyOf(elementAt(patch.nodes, node)) > 0);
  return component.isLoop && hasLatency
    ? fitLatencyIntoLoop(patch, dependencies, component, written, refuse)
    : noLatency;
}

/** The edges that enter a component from outside and may be lengthened. */
function enteringEdges(
  patch: Patch,
  graph: Graph,
  { componentOf }: Components,
  component: Component,
): readonly number[] {
  return component.nodes.flatMap((node) =>
    elementAt(graph.incoming, node).filter((index) => {
      const edge = elementAt(patch.edges, index);
      return edge.align && componentOf[edge.fromNode] !== componentOf[edge.toNode];
    }),
  );
}

/** The signals of gates that nodes of a component read from outside of it. */
function enteringSignals(
  { list, graph }: Dependencies,
  { componentOf }: Components,
  component: Component,
): readonly Dependency[] {
  return component.nodes.flatMap((node) =>
    elementAt(graph.incoming, node)
      .map((index) => elementAt(list, index))
      .filter(({ from, to, cause }) => cause.type === 'signal' && componentOf[from] !== componentOf[to]),
  );
}

/** Output nodes are heard together, so all of them are as late as the latest. */
function alignOutputs(patch: Patch, graph: Graph, alignedLatency: Frames[], alignments: Frames[]): Frames {
  const outputs = patch.nodes.flatMap((node, index) => (node.type.shape === 'output' ? [index] : []));
  const latest = outputs.reduce((most, node) => Math.max(most, elementAt(alignedLatency, node)), 0);
  for (const node of outputs) {
    const added = latest - elementAt(alignedLatency, node);
    alignedLatency[node] = latest;
    for (const edge of elementAt(graph.incoming, node)) {
      if (elementAt(patch.edges, edge).align) {
        alignments[edge] = elementAt(alignments, edge) + added;
      }
    }
  }
  return outputs.reduce((most, node) => Math.max(most, latest + latencyOf(elementAt(patch.nodes, node))), 0);
}
