// Declared latencies inside a loop: the written delays give up what the nodes take, so that the loop keeps its length.
//
// Let s(v) be how late the inputs of node v are against the rest of its component, L(v) its declared latency, d(e) the
// written delay of an edge e from u to v. The edge keeps d(e) + s(v) - s(u) - L(u), which must lie between 0 and d(e). These are
// difference constraints; the least solution is a longest path (Bellman and Ford).

import type { Patch } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Frames } from '../plan.js';
import type { Component } from './components.js';
import type { Dependencies, Dependency } from './dependencies.js';
import type { Refuse } from './refuse.js';
import { explainSteps, loopName, sourceName, targetName } from './refuse.js';
import { latencyOf } from './spectral.js';

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
  /** What it follows from. */
  readonly step: Dependency;
}

/**
 * Shifts and delays inside one component. Refuses latencies that are longer than the loop's delay, or that differ between
 * parallel paths of the loop. Edges that say `"align": false` keep their delay and bind nothing.
 */
export function fitLatencyIntoLoop(
  patch: Patch,
  dependencies: Dependencies,
  component: Component,
  written: readonly Frames[],
  refuse: Refuse,
): LoopLatency | undefined {
  const latencyBefore = ({ from }: Dependency) => latencyOf(elementAt(patch.nodes, from));
  const delayOf = ({ cause }: Dependency) => ('signal' in cause ? 0 : elementAt(written, cause.edge));
  const steps = component.inner.map((index) => elementAt(dependencies.list, index));
  const edges = steps.flatMap((step) => {
    const { cause } = step;
    return cause.type === 'edge' && elementAt(patch.edges, cause.edge).align ? [{ step, edge: cause.edge }] : [];
  });
  // A signal may be read late, but not before it is there.
  const bound = [...edges.map(({ step }) => step), ...steps.filter(({ cause }) => 'signal' in cause)];
  const notBelowZero = bound.map(
    (step): Constraint => ({
      source: step.from,
      target: step.to,
      weight: latencyBefore(step) - delayOf(step),
      step,
    }),
  );
  const notLengthened = edges.map(
    ({ step }): Constraint => ({ source: step.to, target: step.from, weight: -latencyBefore(step), step }),
  );

  const tooLong = solve(component.nodes, notBelowZero);
  if (tooLong.type === 'impossible') {
    refuseTooLong(
      patch,
      tooLong.cycle.map(({ step }) => step),
      { delayOf, latencyBefore },
      refuse,
    );
    return undefined;
  }
  const solution = solve(component.nodes, [...notBelowZero, ...notLengthened]);
  if (solution.type === 'impossible') {
    refuseUnlike(patch, solution.cycle, refuse);
    return undefined;
  }
  const delays = new Map(
    edges.map(({ step, edge }) => {
      const shift = (solution.shifts.get(step.to) ?? 0) - (solution.shifts.get(step.from) ?? 0);
      return [edge, delayOf(step) + shift - latencyBefore(step)];
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
  loop: readonly Dependency[],
  { delayOf, latencyBefore }: Readonly<Record<'delayOf' | 'latencyBefore', (step: Dependency) => Frames>>,
  refuse: Refuse,
): void {
  const delay = loop.reduce((sum, step) => sum + delayOf(step), 0);
  const latency = loop.reduce((sum, step) => sum + latencyBefore(step), 0);
  const edges = loop.flatMap((step) => (step.cause.type === 'edge' ? [{ step, edge: step.cause.edge }] : []));
  const [first, ...others] = edges;
  const delayed = others.reduce(
    (most, other) => (most === undefined || delayOf(other.step) > delayOf(most.step) ? other : most),
    first,
  );
  refuse(
    delayed === undefined ? patch.span : elementAt(patch.edges, delayed.edge).delaySpan,
    `the loop ${loopName(patch, loop)} has delays of ${delay} frames, but its nodes have a latency of ${latency}${explainSteps(patch, loop)}; ` +
      `at least ${latency + 1} frames fit`,
  );
}

function refuseUnlike(patch: Patch, cycle: readonly Constraint[], refuse: Refuse): void {
  const edges = cycle.flatMap(({ step: { cause } }) => (cause.type === 'edge' ? [cause.edge] : []));
  const first = edges.reduce((least, edge) => Math.min(least, edge), Number.POSITIVE_INFINITY);
  const edge = elementAt(patch.edges, first);
  refuse(
    edge.span,
    `"${sourceName(patch, edge)}" to "${targetName(patch, edge)}" lies in a loop whose parallel paths have unlike latencies, ` +
      `and an edge inside a loop is never lengthened; write "align": false on the path that may be early`,
  );
}
