// The schedule of a plan in words, with what the engine made of it.

import { blocksInFlight } from './blocks-in-flight.js';
import { elementAt } from './graph/element-at.js';
import type { Plan } from './plan.js';

/**
 * How the members of a cohort read an input or a parameter: `side by side` in one ring, `gathered` from several, `constant`
 * where nothing feeds it, `linked` from one link of a chain to the next.
 */
export type ReadingWay = 'side by side' | 'gathered' | 'constant' | 'linked';

/** Nodes that the engine runs as one; all by index. */
export interface FusedCohort {
  readonly kind: 'lanes' | 'chain';
  readonly nodes: readonly number[];
  /** Of each input, and of each parameter. */
  readonly inputs: readonly ReadingWay[];
  readonly parameters: readonly ReadingWay[];
}

export interface DescribedRun {
  readonly kind: 'lanes' | 'chain';
  /** In the order of their lanes. */
  readonly nodes: readonly string[];
  /** By name. */
  readonly inputs: Readonly<Record<string, ReadingWay>>;
  readonly parameters: Readonly<Record<string, ReadingWay>>;
}

export interface DescribedStage {
  readonly partialLatency: number;
  readonly cohorts: readonly {
    readonly type: string;
    readonly nodes: readonly string[];
    /** What of it runs as one; the other nodes run by themselves. `null` if the engine was not asked. */
    readonly fused: readonly DescribedRun[] | null;
  }[];
}

export interface ScheduleTotals {
  readonly stages: number;
  readonly cohorts: number;
  readonly nodes: number;
  /** Nodes that stand in cohorts of two and more. */
  readonly nodesInCohorts: number;
  /** Nodes that run as one with others; `null` if the engine was not asked. */
  readonly fusedNodes: number | null;
  /** Inputs and parameters of what runs as one that do not lie side by side. */
  readonly gathers: number | null;
  /** By how many blocks the output is later where a device paces it. */
  readonly addedBlocks: number;
}

/** The stages; `null` without a schedule. */
export function describeSchedule(
  plan: Plan,
  fused: readonly FusedCohort[] | undefined,
): readonly DescribedStage[] | null {
  const runs = new Map(fused?.flatMap((run) => run.nodes.map((node) => [node, run] as const)));
  const idOf = (node: number) => elementAt(plan.nodes, node).id;
  return (
    plan.schedule?.stages.map(({ partialLatency, cohorts }) => ({
      partialLatency,
      cohorts: cohorts.map(({ type, nodes }) => {
        const found = [...new Set(nodes.flatMap((node) => runs.get(node) ?? []))];
        return {
          type,
          nodes: nodes.map(idOf),
          fused: fused === undefined ? null : found.map((run) => describeRun(plan, run)),
        };
      }),
    })) ?? null
  );
}

function describeRun(plan: Plan, { kind, nodes, inputs, parameters }: FusedCohort): DescribedRun {
  const first = elementAt(plan.nodes, elementAt(nodes, 0));
  const byName = (taps: readonly { readonly name: string }[], ways: readonly ReadingWay[]) =>
    Object.fromEntries(taps.map(({ name }, index) => [name, elementAt(ways, index)]));
  return {
    kind,
    nodes: nodes.map((node) => elementAt(plan.nodes, node).id),
    inputs: byName(first.inputs, inputs),
    parameters: byName(first.parameters, parameters),
  };
}

/** What a schedule comes to; `null` without one. */
export function totalSchedule(plan: Plan, fused: readonly FusedCohort[] | undefined): ScheduleTotals | null {
  if (plan.schedule === null) {
    return null;
  }
  const { stages } = plan.schedule;
  const cohorts = stages.flatMap((stage) => stage.cohorts);
  const sum = (counts: readonly number[] | undefined) => counts?.reduce((total, count) => total + count, 0) ?? null;
  return {
    stages: stages.length,
    cohorts: cohorts.length,
    nodes: plan.nodes.length,
    nodesInCohorts: cohorts
      .filter(({ nodes }) => nodes.length > 1)
      .reduce((count, { nodes }) => count + nodes.length, 0),
    fusedNodes: sum(fused?.map(({ nodes }) => nodes.length)),
    gathers: sum(
      fused?.map(({ inputs, parameters }) => [...inputs, ...parameters].filter((way) => way === 'gathered').length),
    ),
    addedBlocks: blocksInFlight(plan) - 1,
  };
}
