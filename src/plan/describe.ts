// A plan in words: what `amp-live plan --json` prints. Names instead of indices; plain JSON.

import { formatLiteral } from '../patch/units.js';
import type { DescribedStage, FusedCohort, ScheduleTotals } from './describe-schedule.js';
import { describeSchedule, totalSchedule } from './describe-schedule.js';
import { elementAt } from './graph/element-at.js';
import type { Negotiation } from './negotiation.js';
import { negotiate, sourceName, targetName } from './negotiation.js';
import type {
  Absent,
  Extent,
  Frames,
  Overflow,
  Plan,
  PlanEdge,
  PlanInput,
  PlanNode,
  PlanOutput,
  PlanSlew,
  PlanValue,
} from './plan.js';

/** What only the engine can tell about a plan. */
export interface EngineFacts {
  readonly arenaBytes?: number;
  /** The look-ahead of the streamer's limiter, which comes after the patch's own latency. */
  readonly limiterFrames?: Frames;
  /** What runs as one. */
  readonly fusedCohorts?: readonly FusedCohort[];
}

/** Batch, channels. */
export type DescribedShape = readonly [batch: number, channels: number];

export interface DescribedNode {
  readonly id: string;
  readonly type: string;
  readonly shape: DescribedShape;
  readonly component: number;
  /** The keys node whose voices it has. */
  readonly voices: string | null;
  readonly latency: Frames;
  readonly alignedLatency: Frames;
  readonly tail: Extent;
  readonly options: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, { readonly base: readonly string[]; readonly isWritten: boolean }>>;
}

interface DescribedTap {
  readonly node: string;
  readonly name: string;
  readonly group: string;
  readonly shape: DescribedShape;
}

export interface DescribedInput extends DescribedTap {
  readonly contract: {
    readonly default: number;
    readonly absent: Absent;
    readonly asks: Frames;
    readonly maxFrames: Frames;
    readonly overflow: Overflow;
  };
}

export interface DescribedOutput extends DescribedTap {
  readonly contract: {
    readonly release: 'on_consume' | 'on_publish';
    readonly history: Frames;
    readonly maxFrames: Frames;
    readonly period: number;
  };
}

export interface DescribedEdge {
  readonly id: string | null;
  readonly from: string;
  readonly to: string;
  readonly feeds: 'input' | 'parameter';
  readonly delay: Frames;
  readonly alignment: Frames;
  readonly gain: string;
  readonly mode: 'add' | 'scale';
  readonly in: 'linear' | 'octaves';
  readonly gate: string | null;
  readonly align: boolean;
  /** Of an edge to a parameter; `null` is unlimited. */
  readonly slew: PlanSlew;
}

export interface PlanDescription {
  readonly name: string;
  readonly sampleRate: number;
  readonly tempo: number;
  readonly meter: string;
  readonly seed: number;
  readonly ceiling: string;
  readonly overload: 'none' | 'shed';
  readonly nodes: readonly DescribedNode[];
  readonly taps: { readonly inputs: readonly DescribedInput[]; readonly outputs: readonly DescribedOutput[] };
  readonly edges: readonly DescribedEdge[];
  /** What each reader asked and was granted, and what each wheel keeps. */
  readonly contracts: Negotiation;
  /** Only the edges that are late: by their delay, or to align them. */
  readonly delays: readonly {
    readonly from: string;
    readonly to: string;
    readonly frames: Frames;
    readonly milliseconds: number;
  }[];
  readonly components: readonly {
    readonly quantum: number;
    readonly isLoop: boolean;
    /** In the order in which they fire. */
    readonly nodes: readonly string[];
  }[];
  readonly voices: readonly {
    readonly keys: string;
    readonly lanes: number;
    /** 0 is any. */
    readonly channel: number;
    readonly ring: Extent;
    readonly members: readonly string[];
    readonly exits: readonly string[];
    readonly envelopes: readonly string[];
  }[];
  readonly gates: readonly {
    readonly id: string;
    readonly whileClosed: 'mute' | 'sample' | 'hold';
    readonly release: 'resume' | 'skip';
    readonly isOpen: boolean;
    readonly quantize: string;
    readonly edges: readonly string[];
    /** Output taps that open and close it. */
    readonly signals: readonly string[];
  }[];
  readonly thermal: {
    readonly ambient: number;
    readonly warm: number;
    readonly limit: number;
    readonly onLimit: 'report' | 'attenuate';
  };
  /** `null` for the order of readiness. */
  readonly schedule: readonly DescribedStage[] | null;
  readonly scheduleTotals: ScheduleTotals | null;
  readonly latency: {
    /** Of the patch: its declared latencies. */
    readonly outputFrames: Frames;
    readonly outputMilliseconds: number;
    /** Of the streamer's limiter; `null` if the engine was not asked. */
    readonly limiterFrames: Frames | null;
  };
  readonly arenaBytes: number | null;
}

/** Describes a plan, with what the engine told about it. */
export function describePlan(plan: Plan, facts: EngineFacts = {}): PlanDescription {
  const { arenaBytes, limiterFrames, fusedCohorts } = facts;
  const { stream } = plan;
  const milliseconds = (frames: Frames) => Number(((frames * 1000) / stream.sampleRate).toFixed(3));
  const idOf = (node: number) => elementAt(plan.nodes, node).id;
  const nameOf = (edge: number) => edgeName(plan, elementAt(plan.edges, edge));
  return {
    name: stream.name,
    sampleRate: stream.sampleRate,
    tempo: stream.tempo,
    meter: `${stream.meterNumerator}/${stream.meterDenominator}`,
    seed: stream.seed,
    ceiling: valueName(stream.ceiling),
    overload: stream.overload,
    nodes: plan.nodes.map((node) => describeNode(plan, node)),
    taps: {
      inputs: plan.nodes.flatMap((node) => node.inputs.map((input) => describeInput(node, input))),
      outputs: plan.nodes.flatMap((node) => node.outputs.map((output) => describeOutput(node, output))),
    },
    edges: plan.edges.map((edge) => describeEdge(plan, edge)),
    contracts: negotiate(plan),
    delays: plan.edges
      .filter(({ delay, alignment }) => delay + alignment > 0)
      .map((edge) => {
        const frames = edge.delay + edge.alignment;
        return { from: sourceName(plan, edge), to: targetName(plan, edge), frames, milliseconds: milliseconds(frames) };
      }),
    components: plan.components.map(({ quantum, isLoop, nodes }) => ({ quantum, isLoop, nodes: nodes.map(idOf) })),
    voices: plan.voiceGroups.map(({ keysNode, lanes, channel, ring, members, exitEdges, envelopes }) => ({
      keys: idOf(keysNode),
      lanes,
      channel,
      ring,
      members: members.map(idOf),
      exits: exitEdges.map(nameOf),
      envelopes: envelopes.map(idOf),
    })),
    gates: plan.gates.map(({ id, whileClosed, release, isOpen, quantize, edges, signals }) => ({
      id,
      whileClosed,
      release,
      isOpen,
      quantize: quantize.number === 0 && quantize.unit === 'plain' ? 'now' : valueName(quantize),
      edges: edges.map(nameOf),
      signals: signals.map(({ node, output }) => {
        const source = elementAt(plan.nodes, node);
        return `${source.id}.${elementAt(source.outputs, output).name}`;
      }),
    })),
    thermal: describeThermal(plan),
    schedule: describeSchedule(plan, fusedCohorts),
    scheduleTotals: totalSchedule(plan, fusedCohorts),
    latency: {
      outputFrames: stream.outputLatency,
      outputMilliseconds: milliseconds(stream.outputLatency),
      limiterFrames: limiterFrames ?? null,
    },
    arenaBytes: arenaBytes ?? null,
  };
}

function describeNode(plan: Plan, node: PlanNode): DescribedNode {
  const { id, type, batch, channels, component, voiceGroup, latency, alignedLatency, tail } = node;
  return {
    id,
    type,
    shape: [batch, channels],
    component,
    voices: voiceGroup === null ? null : elementAt(plan.nodes, elementAt(plan.voiceGroups, voiceGroup).keysNode).id,
    latency,
    alignedLatency,
    tail,
    options: Object.fromEntries(node.options.map(({ name, number }) => [name, number])),
    parameters: Object.fromEntries(
      node.parameters.map(({ name, base, isWritten }) => [name, { base: base.map(valueName), isWritten }]),
    ),
  };
}

function describeInput(node: PlanNode, input: PlanInput): DescribedInput {
  const { name, group, batch, channels, default: value, absent, asks, maxFrames, overflow } = input;
  const contract = { default: value, absent, asks, maxFrames, overflow };
  return { node: node.id, name, group, shape: [batch, channels], contract };
}

function describeOutput(node: PlanNode, output: PlanOutput): DescribedOutput {
  const { name, group, batch, channels, release, history, maxFrames, period } = output;
  return { node: node.id, name, group, shape: [batch, channels], contract: { release, history, maxFrames, period } };
}

function describeEdge(plan: Plan, edge: PlanEdge): DescribedEdge {
  return {
    id: edge.id === '' ? null : edge.id,
    from: sourceName(plan, edge),
    to: targetName(plan, edge),
    feeds: edge.toKind,
    delay: edge.delay,
    alignment: edge.alignment,
    gain: valueName(edge.gain),
    mode: edge.mode,
    in: edge.in,
    gate: edge.gate === null ? null : elementAt(plan.gates, edge.gate).id,
    align: edge.align,
    slew: edge.slew,
  };
}

function describeThermal({ thermal: { ambient, warm, limit, onLimit } }: Plan): PlanDescription['thermal'] {
  return { ambient, warm, limit, onLimit };
}

function edgeName(plan: Plan, edge: PlanEdge): string {
  return edge.id === '' ? `${sourceName(plan, edge)} -> ${targetName(plan, edge)}` : edge.id;
}

function valueName(value: PlanValue): string {
  return String(formatLiteral(value));
}
