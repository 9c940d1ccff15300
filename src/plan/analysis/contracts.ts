// Tap contracts: what each tap asks and bears, from its type, the patch and its readers.

import { heatTap, isHeat } from '../../patch/heat-tap.js';
import type { OutputTap } from '../../patch/node-types.js';
import type { Patch, PatchNode } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Graph } from '../graph/graph.js';
import type { Frames, PlanInput, PlanOutput } from '../plan.js';
import { defaultLagSeconds, longestFrames } from '../plan.js';
import { blockingContract, refuseBlockedLoops, refuseStarvation } from './blocking.js';
import type { Components } from './components.js';
import type { Refuse } from './refuse.js';
import { sourceName, targetName } from './refuse.js';
import type { Shape } from './shapes.js';
import { heatShape, largestIncomingBatch, outputShape, sumsLanes } from './shapes.js';
import { inputForm, outputForm, periodOf, valuesOf } from './spectral.js';
import { targetContract, WrittenTerms } from './written-terms.js';

export interface TapContracts {
  /** For each node its inputs, in the order of the declaration. */
  readonly inputs: readonly (readonly PlanInput[])[];
  /** For each node its outputs, in the order of the declaration, and its heat if anything reads that. */
  readonly outputs: readonly (readonly PlanOutput[])[];
}

export interface ContractSources {
  readonly patch: Patch;
  readonly graph: Graph;
  readonly shapes: readonly Shape[];
  readonly components: Components;
  readonly sampleRate: number;
  /** For each edge: delay and alignment together. */
  readonly lags: readonly Frames[];
}

/** Contracts of all taps. Refuses terms of one wheel that disagree, and blocking that would starve an output. */
export function findContracts(sources: ContractSources, refuse: Refuse): TapContracts {
  const terms = new WrittenTerms(sources.patch, sources.sampleRate, refuse);
  const { patch } = sources;
  refuseStarvation(sources.patch, sources.graph, refuse);
  refuseBlockedLoops(sources.patch, sources.components, refuse);
  const outputs = patch.nodes.map((node, index) =>
    readOutputs(sources, node, index).map((declared, place) =>
      outputContract(sources, terms, { node, index, declared, place }, refuse),
    ),
  );
  const inputs = patch.nodes.map((node, index) =>
    node.type.inputs.map((_, place) => inputContract(sources, terms, node, index, place)),
  );
  return { inputs, outputs };
}

type DeclaredOutput = Pick<OutputTap, 'name' | 'group'>;

function readOutputs({ patch, graph }: ContractSources, node: PatchNode, index: number): readonly DeclaredOutput[] {
  const heat = elementAt(graph.outgoing, index).some((edge) =>
    isHeat(node.type, elementAt(patch.edges, edge).fromOutput),
  );
  return heat ? [...node.type.outputs, { name: heatTap, group: 'thermo' }] : node.type.outputs;
}

function inputContract(
  { patch, graph, shapes, sampleRate, lags }: ContractSources,
  terms: WrittenTerms,
  node: PatchNode,
  index: number,
  place: number,
): PlanInput {
  const declared = elementAt(node.type.inputs, place);
  const written = node.taps.get(declared.name);
  const readers = elementAt(graph.incoming, index).filter((edge) => {
    const { toKind, toIndex } = elementAt(patch.edges, edge);
    return toKind === 'input' && toIndex === place;
  });
  const shape = elementAt(shapes, index);
  const edges = readers.map((edge) => elementAt(patch.edges, edge));
  const asks = terms.asksOf(written);
  const lag = readers.reduce((largest, edge) => Math.max(largest, elementAt(lags, edge)), 0);
  return {
    name: declared.name,
    group: declared.group,
    batch: sumsLanes(node.type) ? largestIncomingBatch(patch, edges, shapes) : shape.batch,
    channels: shape.channels * valuesOf(inputForm(node, place)),
    default: declared.default,
    absent: written?.absent ?? declared.absent,
    asks,
    maxFrames: terms.maxFramesOf(written) ?? defaultMaxFrames(sampleRate, lag + asks),
    overflow: edges.some((edge) => blockingContract(patch, edge)) ? 'block' : (written?.overflow ?? 'drop_oldest'),
  };
}

/** A reader that is far behind by its own delay may lag so much, whatever the default. */
function defaultMaxFrames(sampleRate: number, history: Frames): Frames {
  return Math.min(longestFrames, Math.max(Math.round(defaultLagSeconds * sampleRate), history));
}

function outputContract(
  { patch, graph, shapes, sampleRate, lags }: ContractSources,
  terms: WrittenTerms,
  tap: { readonly node: PatchNode; readonly index: number; readonly declared: DeclaredOutput; readonly place: number },
  refuse: Refuse,
): PlanOutput {
  const { node, index, declared, place } = tap;
  const readers = elementAt(graph.outgoing, index)
    .filter((edge) => elementAt(patch.edges, edge).fromOutput === place)
    .map((index) => {
      const edge = elementAt(patch.edges, index);
      return { edge, history: elementAt(lags, index) + terms.asksOf(targetContract(patch, edge)) };
    });
  const deepest = readers.reduce<(typeof readers)[number] | undefined>(
    (most, reader) => (most === undefined || reader.history > most.history ? reader : most),
    undefined,
  );
  const history = deepest?.history ?? 0;
  if (deepest !== undefined && history > longestFrames) {
    refuse(
      deepest.edge.span,
      `"${sourceName(patch, deepest.edge)}" would have to keep ${history} frames; at most ${longestFrames} fit`,
    );
  }

  const own = { name: `${node.id}.${declared.name}`, contract: node.taps.get(declared.name) };
  const bounds = [
    own,
    ...readers.map(({ edge }) => ({ name: targetName(patch, edge), contract: targetContract(patch, edge) })),
  ];
  let maxFrames = defaultMaxFrames(sampleRate, history);
  for (const { name, contract } of bounds) {
    const bound = terms.maxFramesOf(contract);
    if (contract === undefined || bound === undefined) {
      continue;
    }
    maxFrames = Math.min(maxFrames, bound);
    if (deepest !== undefined && bound < history) {
      refuse(
        contract.span,
        `max_frames of "${name}" is ${bound} frames, but "${targetName(patch, deepest.edge)}" reads "${own.name}" up to ${history} frames back; ` +
          `at least ${history} frames fit`,
      );
    }
  }
  const shape = isHeat(node.type, place) ? heatShape : outputShape(node.type, elementAt(shapes, index));
  const form = outputForm(node, place);
  return {
    name: declared.name,
    group: declared.group,
    batch: shape.batch,
    channels: shape.channels * valuesOf(form),
    release: 'on_consume',
    history: Math.min(history, longestFrames),
    maxFrames,
    period: periodOf(form),
  };
}
