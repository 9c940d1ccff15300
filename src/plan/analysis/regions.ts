// Regions: what `block` stops. All that hangs together with what feeds a blocking edge stands with it, on the exact frame.

import type { Patch, TapContract } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Graph } from '../graph/graph.js';
import { blockingContract } from './blocking.js';
import type { VoiceGroup } from './voices.js';

/** Why a node cannot stand without another: an edge, a signal that moves a gate before one of them, or voices. */
export type Tie =
  | { readonly type: 'edge'; readonly edge: number }
  | { readonly type: 'signal'; readonly gate: number; readonly signal: number }
  | { readonly type: 'voices' };

/** One step from node to node, and whether what it carries goes that way. */
export interface Step {
  readonly from: number;
  readonly to: number;
  readonly forward: boolean;
  readonly tie: Tie;
}

export interface Region {
  /** In the order in which they were found, the source of the first edge first. */
  readonly nodes: readonly number[];
  /** Over which all that it makes leaves it, in the patch's order. */
  readonly edges: readonly number[];
  /** The gate of its first edge. */
  readonly gate: number;
  /** For each node the step that found it; none for the first one. */
  readonly foundBy: ReadonlyMap<number, Step>;
}

/** The contract that makes an edge stop what feeds it while a gate holds its reader; nothing if it does not. */
export function stoppingContract(patch: Patch, index: number): TapContract | undefined {
  const edge = elementAt(patch.edges, index);
  const isHeld = patch.gates.some(({ whileClosed, members }) => whileClosed === 'hold' && members.includes(index));
  if (!isHeld || edge.toKind !== 'input') {
    return undefined;
  }
  // An input is one tap: it blocks for all of its edges, or for none.
  const ofTap = patch.edges.filter((other) => {
    return other.toKind === 'input' && other.toNode === edge.toNode && other.toIndex === edge.toIndex;
  });
  return [edge, ...ofTap].flatMap((other) => blockingContract(patch, other) ?? [])[0];
}

/** The regions of a patch, in the order of their first edges. `graph` has the edges alone. */
export function findRegions(patch: Patch, graph: Graph, voices: readonly VoiceGroup[]): readonly Region[] {
  const stopping = new Set(
    patch.edges.flatMap((_, edge) => (stoppingContract(patch, edge) === undefined ? [] : [edge])),
  );
  if (stopping.size === 0) {
    return [];
  }
  const steps = stepsOfEachNode(patch, graph, voices, stopping);
  const regions: Region[] = [];
  for (const first of stopping) {
    const { fromNode } = elementAt(patch.edges, first);
    if (!regions.some(({ nodes }) => nodes.includes(fromNode))) {
      const { nodes, foundBy } = spreadFrom(fromNode, steps);
      const edges = [...stopping].filter((edge) => nodes.includes(elementAt(patch.edges, edge).fromNode));
      const gate = patch.gates.findIndex(({ members }) => members.includes(first));
      regions.push({ nodes, edges, gate, foundBy });
    }
  }
  return regions;
}

/** The steps from the region's source to a node of it. */
export function pathTo({ foundBy }: Region, node: number): readonly Step[] {
  const path: Step[] = [];
  for (let step = foundBy.get(node); step !== undefined; step = foundBy.get(step.from)) {
    path.unshift(step);
  }
  return path;
}

function spreadFrom(
  source: number,
  steps: readonly (readonly Step[])[],
): { readonly nodes: readonly number[]; readonly foundBy: ReadonlyMap<number, Step> } {
  const nodes = [source];
  const isFound = new Set(nodes);
  const foundBy = new Map<number, Step>();
  for (let head = 0; head < nodes.length; head += 1) {
    for (const step of elementAt(steps, elementAt(nodes, head))) {
      if (!isFound.has(step.to)) {
        isFound.add(step.to);
        foundBy.set(step.to, step);
        nodes.push(step.to);
      }
    }
  }
  return { nodes, foundBy };
}

/** Steps that lead onward come first: they say best what would starve. */
function stepsOfEachNode(
  patch: Patch,
  graph: Graph,
  voices: readonly VoiceGroup[],
  stopping: ReadonlySet<number>,
): readonly (readonly Step[])[] {
  const onward: Step[] = [];
  graph.arcs.forEach(({ from, to }, edge) => {
    if (!stopping.has(edge)) {
      onward.push({ from, to, forward: true, tie: { type: 'edge', edge } });
    }
  });
  patch.gates.forEach(({ members, signals }, gate) => {
    signals.forEach(({ node }, signal) => {
      for (const edge of members) {
        const { toNode } = elementAt(patch.edges, edge);
        onward.push({ from: node, to: toNode, forward: true, tie: { type: 'signal', gate, signal } });
      }
    });
  });
  for (const { keysNode, members } of voices) {
    for (const member of members) {
      onward.push({ from: keysNode, to: member, forward: false, tie: { type: 'voices' } });
    }
  }
  const steps: Step[][] = patch.nodes.map(() => []);
  for (const step of onward) {
    elementAt(steps, step.from).push(step);
  }
  for (const { from, to, tie } of onward) {
    elementAt(steps, to).push({ from: to, to: from, forward: false, tie });
  }
  return steps;
}
