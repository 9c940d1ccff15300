// The results of all analyses, put together as a plan.

import type { Patch, PatchNode } from '../patch/patch.js';
import type { Components } from './analysis/components.js';
import type { TapContracts } from './analysis/contracts.js';
import type { Firing } from './analysis/firing.js';
import type { Alignment } from './analysis/latency.js';
import { findParameters, limitsOf } from './analysis/parameters.js';
import type { RingSources } from './analysis/ring.js';
import { envelopesOf, ringOf } from './analysis/ring.js';
import type { Shape } from './analysis/shapes.js';
import { latencyOf, spectralTailOf } from './analysis/spectral.js';
import type { Voices } from './analysis/voices.js';
import { elementAt } from './graph/element-at.js';
import type { Graph } from './graph/graph.js';
import type {
  Extent,
  Frames,
  Plan,
  PlanComponent,
  PlanEdge,
  PlanGate,
  PlanNode,
  PlanSchedule,
  PlanVoiceGroup,
} from './plan.js';
import { longestFrames } from './plan.js';

/** Everything that is known about a patch whose graph can run. */
export interface Analyses {
  readonly patch: Patch;
  readonly graph: Graph;
  readonly sampleRate: number;
  readonly voices: Voices;
  readonly shapes: readonly Shape[];
  readonly components: Components;
  /** One for each component. */
  readonly firings: readonly Firing[];
  readonly alignment: Alignment;
  /** For each edge: delay and alignment together. */
  readonly lags: readonly Frames[];
  readonly contracts: TapContracts;
  readonly schedule: PlanSchedule | null;
}

export function assemblePlan(analyses: Analyses): Plan {
  const { patch, sampleRate, alignment, schedule } = analyses;
  const tails = patch.nodes.map((node, index) => (isFollowing(analyses, index) ? 'endless' : tailOf(node, sampleRate)));
  return {
    stream: {
      name: patch.name,
      sampleRate,
      tempo: patch.tempo,
      meterNumerator: patch.meter.numerator,
      meterDenominator: patch.meter.denominator,
      seed: patch.seed,
      ceiling: patch.ceiling,
      outputLatency: alignment.outputLatency,
      overload: patch.overload,
    },
    nodes: assembleNodes(analyses, tails),
    edges: assembleEdges(analyses),
    components: assembleComponents(analyses),
    gates: patch.gates.map(
      ({ id, whileClosed, release, open, quantize, members, signals }): PlanGate => ({
        id,
        whileClosed,
        release,
        isOpen: open,
        quantize,
        edges: members,
        signals: signals.map(({ node, output }) => ({ node, output })),
      }),
    ),
    voiceGroups: assembleVoiceGroups(analyses, tails),
    thermal: { ...patch.thermal, nodes: patch.nodes.map(({ thermal }) => thermal) },
    schedule,
  };
}

/** Whether a modulation moves on in the node after what makes it has ended; for how long nobody knows. */
function isFollowing({ patch, graph }: Analyses, node: number): boolean {
  return elementAt(graph.incoming, node).some((index) => {
    return Object.values(limitsOf(elementAt(patch.edges, index).slew)).some((limit) => limit !== null);
  });
}

/** Declared in seconds, negative if it never ends, and in windows. */
function tailOf(node: PatchNode, sampleRate: number): Extent {
  const seconds = node.type.tail;
  const frames = Math.ceil(seconds * sampleRate) + spectralTailOf(node);
  return seconds < 0 || frames > longestFrames ? 'endless' : frames;
}

function assembleNodes(analyses: Analyses, tails: readonly Extent[]): readonly PlanNode[] {
  const { patch, graph, voices, shapes, components, alignment, contracts } = analyses;
  return patch.nodes.map((node, index) => ({
    id: node.id,
    type: node.type.name,
    ...elementAt(shapes, index),
    component: elementAt(components.componentOf, index),
    voiceGroup: elementAt(voices.groupOf, index),
    latency: latencyOf(node),
    alignedLatency: elementAt(alignment.alignedLatency, index),
    tail: elementAt(tails, index),
    options: Array.from(node.options, ([name, number]) => ({ name, number })),
    parameters: findParameters(patch, graph, node, index),
    inputs: elementAt(contracts.inputs, index),
    outputs: elementAt(contracts.outputs, index),
  }));
}

function assembleEdges({ patch, alignment }: Analyses): readonly PlanEdge[] {
  const gateOf = new Map(patch.gates.flatMap(({ members }, gate) => members.map((edge) => [edge, gate])));
  return patch.edges.map((edge, index) => ({
    id: edge.id ?? '',
    fromNode: edge.fromNode,
    fromOutput: edge.fromOutput,
    toNode: edge.toNode,
    toKind: edge.toKind,
    toIndex: edge.toIndex,
    delay: elementAt(alignment.delays, index),
    alignment: elementAt(alignment.alignments, index),
    gain: edge.amount,
    mode: edge.mode,
    in: edge.in,
    gate: gateOf.get(index) ?? null,
    align: edge.align,
    slew: limitsOf(edge.slew),
  }));
}

function assembleComponents({ components, firings }: Analyses): readonly PlanComponent[] {
  return components.list.map(({ isLoop }, component) => {
    const { quantum, order } = elementAt(firings, component);
    return { quantum, isLoop, nodes: order };
  });
}

function assembleVoiceGroups(analyses: Analyses, tails: readonly Extent[]): readonly PlanVoiceGroup[] {
  const { patch, voices } = analyses;
  const sources: RingSources = { ...analyses, tails, groupOf: voices.groupOf };
  return voices.groups.map((group) => ({
    ...group,
    ring: ringOf(sources, group),
    envelopes: envelopesOf(patch, group),
  }));
}
