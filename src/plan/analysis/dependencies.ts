// Dependencies: which node must have run before which other one. Edges, and what synchrony gates add to them.

import type { Patch } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Arc, Graph } from '../graph/graph.js';
import { buildGraph } from '../graph/graph.js';
import type { Frames } from '../plan.js';
import type { Region } from './regions.js';

/**
 * Why a node waits for another: it reads it over an edge; or at the barrier of a gate, where every consumer waits for what each
 * member brings the others; or because it reads a signal that opens and closes a gate; or because such a gate may stop it.
 */
export type Cause =
  | { readonly type: 'edge'; readonly edge: number }
  | { readonly type: 'barrier'; readonly gate: number; readonly edge: number }
  | { readonly type: 'signal'; readonly gate: number; readonly signal: number }
  | { readonly type: 'stop'; readonly gate: number; readonly signal: number };

export interface Dependency extends Arc {
  readonly cause: Cause;
}

export interface Dependencies {
  /** Those of the edges first, in the patch's order, so that an edge and its dependency have one index. */
  readonly list: readonly Dependency[];
  readonly graph: Graph;
}

export function findDependencies(patch: Patch, regions: readonly Region[]): Dependencies {
  const edges = patch.edges.map(
    ({ fromNode, toNode }, edge): Dependency => ({ from: fromNode, to: toNode, cause: { type: 'edge', edge } }),
  );
  const list = [
    ...edges,
    ...patch.gates.flatMap((_, gate) => [...barrierOf(patch, gate), ...signalsOf(patch, gate)]),
    ...regions.flatMap((region) => stopsOf(patch, region)),
  ];
  return { list, graph: buildGraph(patch.nodes.length, list) };
}

/** For each dependency the delay with which it reads, given something of each edge; signals are read without any. */
export function delaysOf({ list }: Dependencies, ofEdges: readonly Frames[]): readonly Frames[] {
  return list.map(({ cause }) => ('signal' in cause ? 0 : elementAt(ofEdges, cause.edge)));
}

/** The nodes that a gate's members feed, each once. */
export function consumersOf(patch: Patch, gate: number): readonly number[] {
  return [...new Set(elementAt(patch.gates, gate).members.map((edge) => elementAt(patch.edges, edge).toNode))];
}

/** Each member's source with all consumers of the gate but the member's own, which reads it anyway. */
function barrierOf(patch: Patch, gate: number): readonly Dependency[] {
  const consumers = consumersOf(patch, gate);
  return elementAt(patch.gates, gate).members.flatMap((edge) => {
    const { fromNode, toNode } = elementAt(patch.edges, edge);
    const others = consumers.filter((consumer) => consumer !== toNode);
    return others.map((to): Dependency => ({ from: fromNode, to, cause: { type: 'barrier', gate, edge } }));
  });
}

function signalsOf(patch: Patch, gate: number): readonly Dependency[] {
  const consumers = consumersOf(patch, gate);
  return elementAt(patch.gates, gate).signals.flatMap(({ node }, signal) =>
    consumers.map((to): Dependency => ({ from: node, to, cause: { type: 'signal', gate, signal } })),
  );
}

/** When a region stands is decided before any of it runs. One that moves its own gate is refused elsewhere. */
function stopsOf(patch: Patch, { nodes, gate }: Region): readonly Dependency[] {
  return elementAt(patch.gates, gate).signals.flatMap(({ node }, signal) =>
    nodes.includes(node)
      ? []
      : nodes.map((to): Dependency => ({ from: node, to, cause: { type: 'stop', gate, signal } })),
  );
}
