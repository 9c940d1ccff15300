// Tap contracts, as they were settled: what each reader asked, what it was granted and why, and what each wheel keeps.

import { elementAt } from './graph/element-at.js';
import type { Frames, Overflow, Plan, PlanEdge, PlanInput } from './plan.js';
import { defaultLagSeconds } from './plan.js';

/** One edge as a reader of a wheel. */
export interface ReaderTerms {
  readonly from: string;
  /** The input tap, or the parameter, which has no contract of its own. */
  readonly to: string;
  readonly asked: {
    /** Written delay and alignment. */
    readonly delay: Frames;
    /** Frames of the past besides its window. */
    readonly asks: Frames;
    /** The lag that the input bears by itself; `null` for a parameter. */
    readonly maxFrames: Frames | null;
  };
  readonly granted: {
    /** How far back it reads at least: delay and what it asks. */
    readonly history: Frames;
    /** How far back it may fall: its delay, and what a gate holds for it. */
    readonly maxFrames: Frames;
    readonly overflow: Overflow;
  };
  /** Which term decided `granted.maxFrames`. */
  readonly why: string;
}

/** What the wheel of one output tap has to keep. */
export interface WheelTerms {
  readonly tap: string;
  /** Edges that read it. */
  readonly readers: number;
  /** Gates that it opens and closes. */
  readonly gates: readonly string[];
  readonly history: Frames;
  readonly maxFrames: Frames;
  /** Which reader decided `history`, and which tap `maxFrames`. */
  readonly why: string;
}

export interface Negotiation {
  /** In the order of the edges. */
  readonly readers: readonly ReaderTerms[];
  /** In the order of the output taps. */
  readonly wheels: readonly WheelTerms[];
}

export function negotiate(plan: Plan): Negotiation {
  const readersOf = new Map<string, PlanEdge[]>();
  for (const edge of plan.edges) {
    const tap = sourceName(plan, edge);
    readersOf.set(tap, [...(readersOf.get(tap) ?? []), edge]);
  }
  const heeding = gatesMovedBy(plan);
  const bounds = new Map<string, string>();
  const wheels = plan.nodes.flatMap((node) =>
    node.outputs.map((output): WheelTerms => {
      const tap = `${node.id}.${output.name}`;
      const readers = readersOf.get(tap) ?? [];
      const bound = boundOf(plan, tap, output.maxFrames, output.history, readers);
      bounds.set(tap, bound);
      return {
        tap,
        readers: readers.length,
        gates: heeding.get(tap) ?? [],
        history: output.history,
        maxFrames: output.maxFrames,
        why: `${depthOf(plan, output.history, readers, heeding.get(tap) ?? [])}; ${bound}`,
      };
    }),
  );
  const readers = plan.edges.map((edge) => readerTerms(plan, edge, bounds.get(sourceName(plan, edge)) ?? ''));
  return { readers, wheels };
}

function readerTerms(plan: Plan, edge: PlanEdge, bound: string): ReaderTerms {
  const output = elementAt(elementAt(plan.nodes, edge.fromNode).outputs, edge.fromOutput);
  const input = inputOf(plan, edge);
  const delay = edge.delay + edge.alignment;
  const asks = input?.asks ?? 0;
  const isOwn = input !== undefined && input.maxFrames < output.maxFrames;
  return {
    from: sourceName(plan, edge),
    to: targetName(plan, edge),
    asked: { delay, asks, maxFrames: input?.maxFrames ?? null },
    granted: {
      history: delay + asks,
      maxFrames: isOwn ? input.maxFrames : output.maxFrames,
      overflow: input?.overflow ?? 'drop_oldest',
    },
    why: isOwn ? `its own max_frames` : bound,
  };
}

/** By output tap: the gates that it opens and closes. */
function gatesMovedBy(plan: Plan): ReadonlyMap<string, readonly string[]> {
  const moved = new Map<string, string[]>();
  for (const { id, signals } of plan.gates) {
    for (const { node, output } of signals) {
      const source = elementAt(plan.nodes, node);
      const tap = `${source.id}.${elementAt(source.outputs, output).name}`;
      moved.set(tap, [...(moved.get(tap) ?? []), id]);
    }
  }
  return moved;
}

/** Which reader makes a wheel keep as much as it does. */
function depthOf(plan: Plan, history: Frames, readers: readonly PlanEdge[], heeding: readonly string[]): string {
  if (readers.length === 0) {
    const gates = heeding.map((id) => `"${id}"`).join(', ');
    return heeding.length === 0 ? 'nobody reads it' : `it moves ${heeding.length === 1 ? 'gate' : 'gates'} ${gates}`;
  }
  const deepest = readers.find((edge) => edge.delay + edge.alignment + (inputOf(plan, edge)?.asks ?? 0) === history);
  return history === 0 || deepest === undefined
    ? 'nobody reads back'
    : `"${targetName(plan, deepest)}" reads ${history} frames back`;
}

/** Which term says how far any reader of a wheel may fall behind. */
function boundOf(plan: Plan, tap: string, maxFrames: Frames, history: Frames, readers: readonly PlanEdge[]): string {
  const usual = Math.round(defaultLagSeconds * plan.stream.sampleRate);
  if (maxFrames === Math.max(usual, history)) {
    return maxFrames > usual
      ? `a delay longer than ${defaultLagSeconds} s makes room for itself`
      : `${defaultLagSeconds} s, the default`;
  }
  const strictest = readers.find((edge) => inputOf(plan, edge)?.maxFrames === maxFrames);
  return `max_frames of "${strictest === undefined ? tap : targetName(plan, strictest)}"`;
}

function inputOf(plan: Plan, { toNode, toKind, toIndex }: PlanEdge): PlanInput | undefined {
  return toKind === 'input' ? elementAt(elementAt(plan.nodes, toNode).inputs, toIndex) : undefined;
}

/** The output tap that an edge reads. */
export function sourceName(plan: Plan, edge: PlanEdge): string {
  const node = elementAt(plan.nodes, edge.fromNode);
  return `${node.id}.${elementAt(node.outputs, edge.fromOutput).name}`;
}

/** The input tap or parameter that an edge feeds. */
export function targetName(plan: Plan, edge: PlanEdge): string {
  const node = elementAt(plan.nodes, edge.toNode);
  const targets: readonly { readonly name: string }[] = edge.toKind === 'input' ? node.inputs : node.parameters;
  return `${node.id}.${elementAt(targets, edge.toIndex).name}`;
}
