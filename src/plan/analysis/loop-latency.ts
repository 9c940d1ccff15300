// Declared latencies inside a loop: the written delays give up what the nodes take, so that the loop keeps its length.
//
// Let s(v) be how late the inputs of node v are against the rest of its component, L(v) its declared latency, d(e) the
// written delay of an edge e from u to v. The edge keeps d(e) + s(v) - s(u) - L(u), which must lie between 0 and d(e). These are
// difference constraints; the least solution is a longest path (Bellman and Ford).

import type { Patch } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Frames } from '../plan.js';
import type { Component } from './components.js';
import type { Refuse } from './refuse.js';
import { loopName, sourceName, targetName } from './refuse.js';

export interface LoopLatency {
  /** By node: how late its inputs are against the rest of the component. */
  readonly shifts: ReadonlyMap<number, Frames>;
  /** By edge: the delay that is left of the written one. */
  readonly delays: ReadonlyMap<number, Frames>;
}

/** `target` is late by at least `weight` more than `source`. */
interface Constraint {
  readonly source: number;
  readonly target: number;
  readonly weight: number;
  readonly edge: number;
}

/**
 * Shifts and delays inside one component. Refuses latencies that are longer than the loop's delay, or that differ between
 * parallel paths of the loop. Edges that say `"align": false` keep their delay and bind nothing.
 */
export function fitLatencyIntoLoop(
  patch: Patch,
  component: Component,
  written: readonly Frames[],
  refuse: Refuse,
): LoopLatency | undefined {
  const latencyBefore = (edge: number) => {
    const { fromNode } = elementAt(patch.edges, edge);
    return elementAt(patch.nodes, fromNode).type.latency;
  };
  const edges = component.innerEdges.filter((edge) => elementAt(patch.edges, edge).align);
  const notBelowZero = edges.map((edge): Constraint => {
    const { fromNode, toNode } = elementAt(patch.edges, edge);
    return { source: fromNode, target: toNode, weight: latencyBefore(edge) - elementAt(written, edge), edge };
  });
  const notLengthened = edges.map((edge): Constraint => {
    const { fromNode, toNode } = elementAt(patch.edges, edge);
    return { source: toNode, target: fromNode, weight: -latencyBefore(edge), edge };
  });

  const tooLong = solve(component.nodes, notBelowZero);
  if (tooLong.type === 'impossible') {
    refuseTooLong(patch, tooLong.cycle, written, latencyBefore, refuse);
    return undefined;
  }
  const solution = solve(component.nodes, [...notBelowZero, ...notLengthened]);
  if (solution.type === 'impossible') {
    refuseUnlike(patch, solution.cycle, refuse);
    return undefined;
  }
  const delays = new Map(
    edges.map((edge) => {
      const { fromNode, toNode } = elementAt(patch.edges, edge);
      const shift = (solution.shifts.get(toNode) ?? 0) - (solution.shifts.get(fromNode) ?? 0);
      return [edge, elementAt(written, edge) + shift - latencyBefore(edge)];
    }),
  );
  return { shifts: solution.shifts, delays };
}

type Solution =
  | { readonly type: 'possible'; readonly shifts: ReadonlyMap<number, Frames> }
  | { readonly type: 'impossible'; readonly cycle: readonly Constraint[] };

function solve(nodes: readonly number[], constraints: readonly Constraint[]): Solution {
  const shifts = new Map(nodes.map((node) => [node, 0]));
  const reason = new Map<number, Constraint>();
  for (let round = 0; round <= nodes.length; round += 1) {
    let raised: number | undefined;
    for (const constraint of constraints) {
      const least = (shifts.get(constraint.source) ?? 0) + constraint.weight;
      if (least > (shifts.get(constraint.target) ?? 0)) {
        shifts.set(constraint.target, least);
        reason.set(constraint.target, constraint);
        raised = constraint.target;
      }
    }
    if (raised === undefined) {
      return { type: 'possible', shifts };
    }
    if (round === nodes.length) {
      return { type: 'impossible', cycle: cycleOf(reason, raised) };
    }
  }
  return { type: 'possible', shifts };
}

/** The constraints that raise each other for ever; `start` was raised in a round that only such a cycle can reach. */
function cycleOf(reason: ReadonlyMap<number, Constraint>, start: number): readonly Constraint[] {
  const backwards: Constraint[] = [];
  const placeOf = new Map<number, number>();
  let node = start;
  for (let next = reason.get(node); next !== undefined && !placeOf.has(node); next = reason.get(node)) {
    placeOf.set(node, backwards.length);
    backwards.push(next);
    node = next.source;
  }
  return backwards.slice(placeOf.get(node) ?? 0).reverse();
}

function refuseTooLong(
  patch: Patch,
  cycle: readonly Constraint[],
  written: readonly Frames[],
  latencyBefore: (edge: number) => Frames,
  refuse: Refuse,
): void {
  const edges = cycle.map(({ edge }) => edge);
  const delay = edges.reduce((sum, edge) => sum + elementAt(written, edge), 0);
  const latency = edges.reduce((sum, edge) => sum + latencyBefore(edge), 0);
  const delayed = edges.reduce((most, edge) => (elementAt(written, edge) > elementAt(written, most) ? edge : most));
  refuse(
    elementAt(patch.edges, delayed).delaySpan,
    `the loop ${loopName(patch, edges)} has delays of ${delay} frames, but its nodes have a latency of ${latency}; ` +
      `at least ${latency + 1} frames fit`,
  );
}

function refuseUnlike(patch: Patch, cycle: readonly Constraint[], refuse: Refuse): void {
  const first = cycle.reduce((least, { edge }) => Math.min(least, edge), Number.POSITIVE_INFINITY);
  const edge = elementAt(patch.edges, first);
  refuse(
    edge.span,
    `"${sourceName(patch, edge)}" to "${targetName(patch, edge)}" lies in a loop whose parallel paths have unlike latencies, ` +
      `and an edge inside a loop is never lengthened; write "align": false on the path that may be early`,
  );
}
