// The plan format, version 3: every section and field in the order of the bytes. Encoder, decoder and docs/plan_format.md
// all follow these tables; whoever changes one raises `planVersion`.

import type {
  Plan,
  PlanCohort,
  PlanComponent,
  PlanEdge,
  PlanGate,
  PlanGateSignal,
  PlanHeat,
  PlanInput,
  PlanNode,
  PlanOption,
  PlanOutput,
  PlanParameter,
  PlanStage,
  PlanStream,
  PlanThermal,
  PlanVoiceGroup,
} from '../plan.js';
import type { Codec } from './codec.js';
import {
  checked,
  choice,
  extent,
  f64,
  flag,
  frames,
  index,
  indexOrNone,
  list,
  record,
  text,
  u32,
  u64,
  value,
} from './codec.js';
import { schedule } from './schedule-codec.js';
import { slew } from './slew-codec.js';

/** The first eight bytes of every plan. */
export const magic = Uint8Array.from('AMPPLAN\0', (character) => character.charCodeAt(0));

/** Where the fields of the header stand, in bytes. */
export const header = { version: 8, checksum: 12, totalLength: 16, size: 24 } as const;

/** The tag of the empty section that ends a plan. */
export const endTag = 'END_';

const stream = record<PlanStream>('stream', {
  name: [text, "the patch's name"],
  sampleRate: [f64, 'frames in a second; every count of frames in the plan is for this rate'],
  tempo: [f64, 'quarter notes in a minute'],
  meterNumerator: [u32, 'beats in a bar'],
  meterDenominator: [u32, 'the note that is a beat'],
  seed: [u64, 'from which every seed of the plan is derived'],
  ceiling: [value, "the limiter's ceiling, true peak"],
  outputLatency: [frames, 'frames by which the output is late because of declared latencies'],
  overload: [choice(['none', 'shed']), 'what the engine may do when it is too slow'],
});

const option = record<PlanOption>('option', {
  name: [text, 'as in the declaration of the type'],
  number: [f64, 'a whole number; a choice is stored by its place'],
});

const parameter = record<PlanParameter>('parameter', {
  name: [text, 'as in the declaration of the type'],
  isWritten: [flag, 'whether the patch wrote it'],
  base: [list(value), 'one value for all lanes, or one for each of the batch'],
  slew: [slew, 'limits of the movement of the base'],
});

const input = record<PlanInput>('input', {
  name: [text, 'as in the declaration of the type'],
  group: [text, 'the tap group'],
  batch: [u32, 'of the tap; in a node that sums, the largest batch that any edge brings'],
  channels: [u32, 'of the tap'],
  default: [f64, 'what is heard where there is nothing to hear'],
  absent: [choice(['default', 'hold', 'optional']), 'what the tap does when it is absent'],
  asks: [frames, 'frames of the past that the node reads besides its window'],
  maxFrames: [frames, 'largest lag of this reader'],
  overflow: [choice(['drop_oldest', 'block']), 'what happens beyond that lag'],
});

const output = record<PlanOutput>('output', {
  name: [text, 'as in the declaration of the type'],
  group: [text, 'the tap group'],
  batch: [u32, 'of the tap'],
  channels: [u32, 'of the tap'],
  release: [choice(['on_consume', 'on_publish']), 'when the space of a frame is free again'],
  history: [frames, 'largest delay + alignment + asks over the readers, in frames'],
  maxFrames: [frames, 'smallest max_frames over the tap and its readers'],
  period: [u32, 'frames between two tokens; 1 for a signal'],
});

const node = record<PlanNode>('node', {
  id: [text, "the node's name in the patch"],
  type: [text, 'the node type'],
  batch: [u32, 'of the node'],
  channels: [u32, 'of the node: those of its outputs, but 1 in a pan, whose output has 2'],
  component: [index('components'), 'the component that contains the node'],
  voiceGroup: [indexOrNone('voiceGroups'), 'the voice group that contains the node'],
  latency: [frames, 'declared latency in frames'],
  alignedLatency: [frames, "frames by which the node's inputs are late: an event of frame f acts here at f + this"],
  tail: [extent, 'frames that the node sounds on after its inputs ended'],
  options: [list(option), 'all of the type, in the order of the declaration'],
  parameters: [list(parameter), 'all of the type, in the order of the declaration'],
  inputs: [list(input), 'all of the type, in the order of the declaration'],
  outputs: [
    list(output),
    'all of the type, in the order of the declaration; then, if anything reads it, `thermo.heat`',
  ],
});

const edge = checked(
  record<PlanEdge>('edge', {
    id: [text, 'the name in the patch, empty if it has none'],
    fromNode: [index('nodes'), 'the node that writes'],
    fromOutput: [u32, 'its output tap'],
    toNode: [index('nodes'), 'the node that reads'],
    toKind: [choice(['input', 'parameter']), 'what the edge feeds'],
    toIndex: [u32, 'its input tap or parameter'],
    delay: [frames, 'frames: the written delay, less what a loop gave up for latencies inside it'],
    alignment: [frames, 'frames added to meet slower paths; the reader is delay + alignment behind'],
    gain: [value, 'gain of an edge to an input, depth of an edge to a parameter'],
    mode: [choice(['add', 'scale']), 'how a modulation is applied'],
    in: [choice(['linear', 'octaves']), 'the scale on which a modulation acts'],
    gate: [indexOrNone('gates'), 'the gate that the edge is a member of'],
    align: [flag, 'whether the edge may be lengthened'],
    slew: [slew, 'limits of the movement of a modulation; none for an edge to an input'],
  }),
  edgeFault,
  'edge',
);

function edgeFault(found: PlanEdge, plan: Plan): string | null {
  const outputs = plan.nodes[found.fromNode]?.outputs.length ?? 0;
  if (found.fromOutput >= outputs) {
    return `expected from_output below ${outputs}, found ${found.fromOutput}`;
  }
  const target = plan.nodes[found.toNode];
  const readers = (found.toKind === 'input' ? target?.inputs : target?.parameters)?.length ?? 0;
  return found.toIndex < readers
    ? null
    : `expected to_index below ${readers} (${found.toKind}s), found ${found.toIndex}`;
}

const component = record<PlanComponent>('component', {
  quantum: [checked(u32, quantumFault), 'frames of one firing inside the component: a power of two, at most 4096'],
  isLoop: [flag, 'whether its nodes feed each other'],
  nodes: [list(index('nodes')), 'in the order in which they fire'],
});

function quantumFault(found: number): string | null {
  const isQuantum = found >= 1 && found <= 4096 && Number.isInteger(Math.log2(found));
  return isQuantum ? null : `expected a power of two from 1 to 4096, found ${found}`;
}

const gateSignal = checked(
  record<PlanGateSignal>('gate_signal', {
    node: [index('nodes'), 'the node that writes it'],
    output: [u32, 'its output tap'],
  }),
  signalFault,
  'gate_signal',
);

function signalFault({ node, output }: PlanGateSignal, plan: Plan): string | null {
  const outputs = plan.nodes[node]?.outputs.length ?? 0;
  return output < outputs ? null : `expected output below ${outputs}, found ${output}`;
}

const gate = record<PlanGate>('gate', {
  id: [text, 'the name in the patch'],
  whileClosed: [choice(['mute', 'sample', 'hold']), 'what the consumers hear while it is closed'],
  release: [choice(['resume', 'skip']), 'what becomes of held frames when it opens'],
  isOpen: [flag, 'whether it is open at the start'],
  quantize: [value, 'the grid of its changes; plain 0 is now'],
  edges: [list(index('edges')), 'the members'],
  signals: [list(gateSignal), 'the taps that open and close it, in the order in which they act on one frame'],
});

const voiceGroup = record<PlanVoiceGroup>('voice_group', {
  keysNode: [index('nodes'), 'the node that turns notes into lanes'],
  lanes: [u32, 'number of voices'],
  channel: [u32, 'MIDI channel from 1 to 16; 0 is any'],
  ring: [extent, 'frames for which a voice may sound after its release'],
  members: [list(index('nodes')), 'the nodes that have one lane for each voice: the keys node, then the others'],
  exitEdges: [list(index('edges')), 'the edges that leave the group'],
  envelopes: [list(index('nodes')), 'the members that decide when a voice has ended'],
});

const heat = record<PlanHeat>('heat', {
  gain: [f64, 'degrees a second for an input of power 1'],
  tau: [f64, 'seconds in which the excess over the ambient falls to 1/e'],
});

const thermal = record<PlanThermal>('thermal', {
  ambient: [f64, 'degrees Celsius'],
  warm: [f64, 'degrees Celsius'],
  limit: [f64, 'degrees Celsius'],
  onLimit: [choice(['report', 'attenuate']), 'what happens above the limit'],
  nodes: [checked(list(heat), heatFault), 'one for each node'],
});

function heatFault(found: readonly PlanHeat[], plan: Plan): string | null {
  return found.length === plan.nodes.length ? null : `expected ${plan.nodes.length} items, found ${found.length}`;
}

const stage = record<PlanStage>('stage', {
  partialLatency: [u32, 'blocks by which the stage works behind the first'],
  cohorts: [
    list(
      record<PlanCohort>('cohort', {
        type: [text, 'the node type of all its nodes'],
        nodes: [list(index('nodes')), 'in the order of their lanes'],
      }),
    ),
    'in the order in which they run',
  ],
});

/** A section of the file: four characters, the length of the content, the content. */
export interface Section<T> {
  readonly tag: string;
  readonly purpose: string;
  readonly codec: Codec<T>;
}

/** Every section but the last, empty one, in the order of the bytes. */
export const sections: { readonly [Part in keyof Plan]: Section<Plan[Part]> } = {
  stream: { tag: 'STRM', purpose: 'the stream as a whole', codec: stream },
  nodes: { tag: 'NODE', purpose: "the nodes, in the patch's order", codec: list(node) },
  edges: { tag: 'EDGE', purpose: "the edges, in the patch's order", codec: list(edge) },
  components: { tag: 'COMP', purpose: 'the components, in topological order', codec: list(component) },
  gates: { tag: 'GATE', purpose: 'the synchrony gates', codec: list(gate) },
  voiceGroups: { tag: 'VOIC', purpose: 'the voice groups', codec: list(voiceGroup) },
  thermal: { tag: 'THRM', purpose: 'the thermal model', codec: thermal },
  schedule: { tag: 'SCHD', purpose: 'the order of work, if there is one', codec: schedule(list(stage)) },
};

/** The parts of a plan in the order of their sections. */
export const parts = Object.keys(sections) as readonly (keyof Plan)[];
