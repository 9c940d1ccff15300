// The schedule that the planner makes: stages from levels, cohorts of equal nodes, lanes in the order of what they read.

import type { Patch, PatchEdge, ScheduleCohort, ScheduleStage } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Frames } from '../plan.js';
import type { Component, Components } from './components.js';
import type { Dependencies } from './dependencies.js';
import type { Shape } from './shapes.js';
import { sumsLanes } from './shapes.js';

/** What the planner knows of a patch when it makes a schedule. */
export interface Staging {
  readonly patch: Patch;
  readonly dependencies: Dependencies;
  readonly components: Components;
  /** For each edge delay and alignment together. */
  readonly lags: readonly Frames[];
  readonly shapes: readonly Shape[];
  /** For each node the keys node whose voices it has, or `null`. */
  readonly groupOf: ArrayLike<number | null>;
  /** For each component the order in which its nodes fire. */
  readonly orders: readonly (readonly number[])[];
}

/** So many equal nodes on one level are better side by side than in a row. */
const wideEnough = 4;
/** So many equal nodes in a row are better a chain than one by one. */
const longEnough = 4;

/**
 * Stages without partial latency: each component stands one stage behind the last that it waits for, whatever the delay, so that
 * the schedule is valid at any block size, and stays so if later stages lag as much as earlier ones or more. Chains of equal nodes that have few equals beside them are cohorts too.
 */
export function planStages(staging: Staging): readonly ScheduleStage[] {
  const units = unitsOf(staging);
  const levels = levelsOf(staging, units);
  const stages: number[][] = [];
  units.list.forEach((_, unit) => {
    const level = elementAt(levels, unit);
    stages[level] ??= [];
    stages[level].push(unit);
  });
  const place = new Map<number, number>();
  return stages.map((members) => ({ partialLatency: 0, cohorts: cohortsOf(staging, units, members, place) }));
}

/** What runs as one: a component, or a chain of them. */
interface Unit {
  readonly nodes: readonly number[];
  /** Equal for units that can be fused with each other; nothing for those that cannot. */
  readonly kind: string | undefined;
}

interface Units {
  readonly list: readonly Unit[];
  readonly unitOf: ArrayLike<number>;
}

/** In topological order. */
function unitsOf(staging: Staging): Units {
  const { patch, components, orders } = staging;
  const kinds = patch.nodes.map((_, node) => kindOf(staging, node));
  const chains = chainsOf(staging, kinds);
  const unitOf = new Int32Array(patch.nodes.length);
  const list: Unit[] = [];
  components.list.forEach(({ nodes, isLoop }, component) => {
    const first = elementAt(nodes, 0);
    const chain = isLoop ? undefined : chains.get(first);
    if (chain !== undefined && chain[0] !== first) {
      return; // It stands in the chain that begins before it.
    }
    const members = isLoop ? elementAt(orders, component) : (chain ?? nodes);
    for (const node of members) {
      unitOf[node] = list.length;
    }
    list.push({ nodes: members, kind: isLoop || chain !== undefined ? undefined : kinds[first] });
  });
  return { list, unitOf };
}

/** What a node must have in common with another one to be fused with it; nothing if it stands alone. */
function kindOf({ patch, shapes, groupOf, components }: Staging, node: number): string | undefined {
  const { type, options } = elementAt(patch.nodes, node);
  const component = elementAt(components.list, elementAt(components.componentOf, node));
  const isFusable =
    !sumsLanes(type) &&
    type.spectral === null &&
    type.shape !== 'voices' &&
    groupOf[node] === null &&
    !component.isLoop;
  const shape = elementAt(shapes, node);
  return isFusable && shape.channels === 1 ? `${type.name} ${JSON.stringify([...options])}` : undefined;
}

/** For each node of a chain all of the chain's nodes in order. */
function chainsOf(staging: Staging, kinds: readonly (string | undefined)[]): ReadonlyMap<number, readonly number[]> {
  const nextOf = linksOf(staging, kinds);
  const hasBefore = new Set(nextOf.values());
  const depth = depthsOf(staging);
  const width = new Map<string, number>();
  const cell = (node: number): string => `${elementAt(depth, node)} ${kinds[node]}`;
  kinds.forEach((_, node) => {
    width.set(cell(node), (width.get(cell(node)) ?? 0) + 1);
  });
  const chains = new Map<number, readonly number[]>();
  for (const start of nextOf.keys()) {
    if (hasBefore.has(start)) {
      continue;
    }
    const nodes = [start];
    for (let next = nextOf.get(start); next !== undefined; next = nextOf.get(next)) {
      nodes.push(next);
    }
    const isNarrow = nodes.every((node) => (width.get(cell(node)) ?? 0) < wideEnough);
    if (nodes.length >= longEnough && isNarrow) {
      for (const node of nodes) {
        chains.set(node, nodes);
      }
    }
  }
  return chains;
}

/** For each node whose only reader is an equal that reads nothing else, that reader. The parameters of links are constant. */
function linksOf(
  { patch, dependencies, lags, shapes }: Staging,
  kinds: readonly (string | undefined)[],
): Map<number, number> {
  const gated = new Set(patch.gates.flatMap(({ members }) => members));
  const isPlain = ({ toKind, amount }: PatchEdge, index: number): boolean =>
    toKind === 'input' &&
    elementAt(lags, index) === 0 &&
    !gated.has(index) &&
    amount.unit === 'plain' &&
    amount.number === 1;
  const moved = new Set(patch.edges.flatMap(({ toKind, toNode }) => (toKind === 'parameter' ? [toNode] : [])));
  const links = new Map<number, number>();
  patch.edges.forEach((edge, index) => {
    const { fromNode, toNode } = edge;
    const { type, slew } = elementAt(patch.nodes, fromNode);
    const kind = kinds[fromNode];
    const isOnlyWay =
      dependencies.graph.outgoing[fromNode]?.length === 1 && dependencies.graph.incoming[toNode]?.length === 1;
    const isChainable =
      type.chains &&
      !moved.has(fromNode) &&
      elementAt(shapes, fromNode).batch === 1 &&
      elementAt(shapes, toNode).batch === 1 &&
      slew.size === 0 &&
      elementAt(patch.nodes, toNode).slew.size === 0;
    if (kind !== undefined && kind === kinds[toNode] && isOnlyWay && isChainable && isPlain(edge, index)) {
      links.set(fromNode, toNode);
    }
  });
  return links;
}

/** For each node how many components stand before it at most. */
function depthsOf({ components, dependencies }: Staging): readonly number[] {
  const depths = components.list.map(() => 0);
  forEachWay(components, dependencies, (from, to) => {
    depths[to] = Math.max(elementAt(depths, to), elementAt(depths, from) + 1);
  });
  return Array.from(components.componentOf, (component) => elementAt(depths, component));
}

/** The dependencies between components, those of the earliest reader first. */
function forEachWay(
  { list, componentOf }: Components,
  { graph }: Dependencies,
  visit: (from: number, to: number) => void,
): void {
  list.forEach(({ nodes }: Component, to) => {
    for (const node of nodes) {
      for (const arc of elementAt(graph.incoming, node)) {
        const from = elementAt(componentOf, elementAt(graph.arcs, arc).from);
        if (from !== to) {
          visit(from, to);
        }
      }
    }
  });
}

function levelsOf({ dependencies: { graph } }: Staging, { list, unitOf }: Units): readonly number[] {
  const levels: number[] = [];
  list.forEach(({ nodes }, unit) => {
    const before = nodes.flatMap((node) =>
      elementAt(graph.incoming, node)
        .map((arc) => elementAt(unitOf, elementAt(graph.arcs, arc).from))
        .filter((from) => from !== unit),
    );
    levels[unit] = before.reduce((most, from) => Math.max(most, elementAt(levels, from) + 1), 0);
  });
  return levels;
}

/** The cohorts of one stage; `place` has the place of each node of the stages before, and gets those of this one. */
function cohortsOf(
  { patch, components, dependencies }: Staging,
  { list }: Units,
  members: readonly number[],
  place: Map<number, number>,
): readonly ScheduleCohort[] {
  const cohorts: ScheduleCohort[] = [];
  const add = (nodes: readonly number[]): void => {
    cohorts.push({ type: elementAt(patch.nodes, elementAt(nodes, 0)).type.name, nodes });
    for (const node of nodes) {
      place.set(node, place.size);
    }
  };
  const sourceOf = (node: number): number => {
    const [arc] = elementAt(dependencies.graph.incoming, node);
    return arc === undefined ? -1 : (place.get(elementAt(dependencies.graph.arcs, arc).from) ?? -1);
  };
  const fused = new Map<string, number[]>();
  for (const unit of members) {
    const { nodes, kind } = elementAt(list, unit);
    const first = elementAt(nodes, 0);
    if (kind !== undefined) {
      const equals = fused.get(kind) ?? [];
      equals.push(first);
      fused.set(kind, equals);
    } else if (elementAt(components.list, elementAt(components.componentOf, first)).isLoop) {
      for (const node of nodes) {
        add([node]);
      }
    } else {
      add(nodes);
    }
  }
  for (const nodes of fused.values()) {
    add(
      nodes
        .map((node) => ({ node, source: sourceOf(node) }))
        .sort((a, b) => a.source - b.source)
        .map(({ node }) => node),
    );
  }
  return cohorts;
}
