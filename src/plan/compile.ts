// Patch -> plan: one analysis after another, each in a file of its own. Pure; the same patch always gives the same plan.

import type { Diagnostic } from '../patch/diagnostic.js';
import { compareDiagnostics } from '../patch/diagnostic.js';
import type { Patch } from '../patch/patch.js';
import { findComponents } from './analysis/components.js';
import { findContracts } from './analysis/contracts.js';
import { edgeDelays } from './analysis/delays.js';
import { delaysOf, findDependencies } from './analysis/dependencies.js';
import type { Firing } from './analysis/firing.js';
import { findFiring } from './analysis/firing.js';
import { refuseUnfitGrids } from './analysis/grids.js';
import { refuseHeldHeat } from './analysis/held-heat.js';
import { alignLatencies } from './analysis/latency.js';
import { refuseLoopsWithoutDelay, refuseLoopsWithoutDelayLeft } from './analysis/loops.js';
import { spreadOverBlocks } from './analysis/partial-latency.js';
import type { Refuse } from './analysis/refuse.js';
import { findRegions } from './analysis/regions.js';
import { findSchedule } from './analysis/schedule.js';
import { findShapes } from './analysis/shapes.js';
import { refuseTornTokens, refuseUnfitSpectra } from './analysis/spectral.js';
import { planStages } from './analysis/staging.js';
import { refuseUnfitRegions } from './analysis/standing.js';
import { sumVoicesBeforeDelays } from './analysis/voice-exits.js';
import { findVoices, refuseUnevenVoices } from './analysis/voices.js';
import { assemblePlan } from './assemble.js';
import { textFault } from './binary/byte-writer.js';
import { elementAt } from './graph/element-at.js';
import { buildGraph } from './graph/graph.js';
import type { Frames, Plan } from './plan.js';

export interface CompileOptions {
  /** Frames in a second, 8000 to 768000. */
  readonly sampleRate: number;
}

/** What the planner did to an edge that the patch does not show. */
export interface PlannedChange {
  /** Index of the edge. */
  readonly edge: number;
  readonly frames: Frames;
}

export interface CompileReport {
  /** Edges that were lengthened to meet slower paths. */
  readonly lengthened: readonly PlannedChange[];
  /** Edges whose written delay gave up frames for latencies inside their loop. */
  readonly shortened: readonly PlannedChange[];
  /** How late the output is because of declared latencies. */
  readonly outputLatency: Frames;
}

export type CompileResult =
  | { readonly ok: true; readonly plan: Plan; readonly report: CompileReport }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

const slowestRate = 8000;
const fastestRate = 768_000;

/** Compiles a patch, or tells everything that keeps its graph from running, in the order of the file. */
export function compilePlan(written: Patch, { sampleRate }: CompileOptions): CompileResult {
  const patch = sumVoicesBeforeDelays(written);
  const diagnostics: Diagnostic[] = [];
  const refuse: Refuse = (span, message) => {
    diagnostics.push(patch.source.diagnostic(span, message));
  };
  const refuseInSchedule: Refuse = (span, message) => {
    const source = patch.schedule.type === 'stages' ? patch.schedule.source : undefined;
    diagnostics.push((source ?? patch.source).diagnostic(span, message));
  };
  const refused = (): CompileResult => ({ ok: false, diagnostics: diagnostics.sort(compareDiagnostics) });
  if (!(sampleRate >= slowestRate && sampleRate <= fastestRate)) {
    refuse(patch.span, `a sample rate of ${sampleRate} Hz; ${slowestRate} to ${fastestRate} Hz fit`);
    return refused();
  }
  const nameFault = textFault(patch.name);
  if (nameFault !== null) {
    refuse(patch.span, `"name": ${nameFault}`);
  }

  const arcs = patch.edges.map(({ fromNode, toNode }) => ({ from: fromNode, to: toNode }));
  const graph = buildGraph(patch.nodes.length, arcs);
  const voices = findVoices(patch, graph, refuse);
  const shapes = findShapes(patch, graph, refuse);
  refuseUnevenVoices(patch, graph, voices, shapes, refuse);
  refuseUnfitSpectra(patch, refuse);
  refuseHeldHeat(patch, refuse);
  const writtenDelays = edgeDelays(patch, sampleRate, refuse);
  refuseUnfitGrids(patch, sampleRate, refuse);
  const regions = findRegions(patch, graph, voices.groups);
  const dependencies = findDependencies(patch, regions);
  const components = findComponents(dependencies.graph);
  if (!refuseLoopsWithoutDelay(patch, dependencies, delaysOf(dependencies, writtenDelays), sampleRate, refuse)) {
    return refused();
  }
  const alignment = alignLatencies(patch, graph, dependencies, components, writtenDelays, refuse);
  if (alignment === undefined) {
    return refused();
  }
  refuseTornTokens(patch, alignment, refuse);
  const { delays, alignments } = alignment;
  const lags = delays.map((delay, edge) => delay + elementAt(alignments, edge));
  const contracts = findContracts({ patch, graph, shapes, components, sampleRate, lags }, refuse);
  refuseUnfitRegions(patch, regions, components, alignment, refuse);
  const brought = findSchedule(patch, dependencies, components, delaysOf(dependencies, lags), refuseInSchedule);
  const dependencyDelays = delaysOf(dependencies, delays);
  const firings = components.list.flatMap((component): readonly Firing[] => {
    const firing = findFiring(dependencies.graph, component, dependencyDelays);
    return firing === undefined ? [] : [firing];
  });
  if (firings.length < components.list.length) {
    refuseLoopsWithoutDelayLeft(patch, dependencies, dependencyDelays, refuse);
  }
  if (diagnostics.length > 0) {
    return refused();
  }

  const orders = firings.map(({ order }) => order);
  const staging = { patch, dependencies, components, lags, shapes, groupOf: voices.groupOf, orders };
  const schedule =
    patch.schedule.type === 'ipls'
      ? { stages: spreadOverBlocks(planStages(staging), shapes, patch.schedule.partialLatency ?? 0) }
      : brought;
  const changes = (frames: readonly Frames[]): readonly PlannedChange[] =>
    frames.flatMap((count, edge) => (count > 0 ? [{ edge, frames: count }] : []));
  return {
    ok: true,
    plan: assemblePlan({
      patch,
      graph,
      sampleRate,
      voices,
      shapes,
      components,
      firings,
      alignment,
      lags,
      contracts,
      schedule,
    }),
    report: {
      lengthened: changes(alignments),
      shortened: changes(writtenDelays.map((frames, edge) => frames - elementAt(delays, edge))),
      outputLatency: alignment.outputLatency,
    },
  };
}
