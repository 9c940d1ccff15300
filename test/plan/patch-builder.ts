// Patches for tests of the planner, made without text. Each node, then each edge, stands on a line of its own, so that a
// diagnostic's line tells what it is about.

import type { SourceSpan } from '../../src/patch/diagnostic.js';
import { SourceText } from '../../src/patch/diagnostic.js';
import { heatOutput, heatTap } from '../../src/patch/heat-tap.js';
import type { NodeType } from '../../src/patch/node-types.js';
import { findNodeType } from '../../src/patch/node-types.js';
import type {
  Literal,
  LiteralUnit,
  Patch,
  PatchEdge,
  PatchGate,
  PatchNode,
  PatchParameter,
  Slew,
  TapContract,
} from '../../src/patch/patch.js';

type Value = number | Literal;

export interface NodeSketch {
  /** A type of the engine, or one made up for the test. */
  readonly type: string | NodeType;
  readonly parameters?: Readonly<Record<string, Value | readonly Value[]>>;
  readonly options?: Readonly<Record<string, number>>;
  readonly batch?: number;
  readonly voicesOf?: string;
  readonly slew?: Readonly<Record<string, Slew>>;
  readonly taps?: Readonly<Record<string, Omit<TapContract, 'span'>>>;
}

export interface EdgeSketch {
  readonly id?: string;
  /** Node, or node.tap. */
  readonly from: string;
  /** Node, node.tap or node.parameter. */
  readonly to: string;
  readonly delay?: Value;
  readonly amount?: Value;
  readonly mode?: 'add' | 'scale';
  readonly in?: 'linear' | 'octaves';
  readonly align?: boolean;
  readonly slew?: Slew;
}

export type PatchSketch = {
  readonly nodes: Readonly<Record<string, NodeSketch>>;
  readonly edges?: readonly EdgeSketch[];
  readonly gates?: readonly (Pick<PatchGate, 'id' | 'members'> & Partial<PatchGate>)[];
} & Partial<Pick<Patch, 'name' | 'tempo' | 'meter' | 'seed' | 'controls' | 'schedule' | 'overload' | 'thermal'>>;

export function literal(number: number, unit: LiteralUnit): Literal {
  return { number, unit };
}

/** A type that delays what passes by `latency` frames. */
export function latentType(latency: number): NodeType {
  return { ...nodeType('gain'), name: `latent_${latency}`, latency };
}

export function nodeType(name: string): NodeType {
  const found = findNodeType(name);
  if (found === undefined) {
    throw new Error(`no node type ${name}`);
  }
  return found;
}

/** The first node stands on line 1; the first edge on the line after the last node. */
export function buildPatch(sketch: PatchSketch): Patch {
  const sketches = Object.entries(sketch.nodes);
  const edges = sketch.edges ?? [];
  const lines = [...sketches.map(([id]) => `node ${id}`), ...edges.map(({ from, to }) => `edge ${from} ${to}`)];
  const source = new SourceText('test.jsonc', lines.join('\n'));
  const spans: SourceSpan[] = [];
  let offset = 0;
  for (const line of lines) {
    spans.push({ offset, length: line.length });
    offset += line.length + 1;
  }
  const spanOf = (line: number): SourceSpan => spans[line] ?? { offset: 0, length: 0 };
  const ids = sketches.map(([id]) => id);
  const nodes = sketches.map(([id, node], index) => buildNode(id, node, ids, spanOf(index)));
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  return {
    source,
    span: { offset: 0, length: source.text.length },
    name: sketch.name ?? 'test',
    tempo: sketch.tempo ?? 120,
    meter: sketch.meter ?? { numerator: 4, denominator: 4 },
    seed: sketch.seed ?? 0,
    nodes,
    edges: edges.map((edge, index) => buildEdge(edge, nodes, indexOf, spanOf(nodes.length + index))),
    controls: sketch.controls ?? [],
    gates: (sketch.gates ?? []).map((gate) => ({
      span: spanOf(0),
      whileClosed: 'mute',
      release: 'resume',
      open: true,
      quantize: literal(0, 'plain'),
      controls: [],
      signals: [],
      ...gate,
    })),
    thermal: sketch.thermal ?? { ambient: 25, warm: 55, limit: 80, onLimit: 'report' },
    ceiling: literal(-0.3, 'decibels'),
    schedule: sketch.schedule ?? { type: 'kpn' },
    overload: sketch.overload ?? 'none',
  };
}

function buildNode(id: string, sketch: NodeSketch, ids: readonly string[], span: SourceSpan): PatchNode {
  const type = typeof sketch.type === 'string' ? nodeType(sketch.type) : sketch.type;
  const parameters = Object.entries(sketch.parameters ?? {}).map(([name, value]): [string, PatchParameter] => [
    name,
    { values: (Array.isArray(value) ? value : [value]).map(toLiteral), span },
  ]);
  return {
    id,
    span,
    type,
    parameters: new Map(parameters),
    options: new Map(type.options.map(({ name, default: value }) => [name, sketch.options?.[name] ?? value])),
    ...(sketch.batch === undefined ? {} : { batch: { value: sketch.batch, span } }),
    ...(sketch.voicesOf === undefined ? {} : { voicesOf: { value: ids.indexOf(sketch.voicesOf), span } }),
    thermal: type.thermal,
    slew: new Map(Object.entries(sketch.slew ?? {})),
    taps: new Map(Object.entries(sketch.taps ?? {}).map(([tap, contract]) => [tap, { ...contract, span }])),
  };
}

function buildEdge(
  sketch: EdgeSketch,
  nodes: readonly PatchNode[],
  indexOf: ReadonlyMap<string, number>,
  span: SourceSpan,
): PatchEdge {
  const [fromId = '', ...taps] = sketch.from.split('.');
  const tap = taps.length === 0 ? undefined : taps.join('.');
  const [toId = '', target] = sketch.to.split('.');
  const fromNode = indexOf.get(fromId) ?? -1;
  const toNode = indexOf.get(toId) ?? -1;
  const toType = nodes[toNode]?.type;
  const input = target === undefined ? 0 : (toType?.inputs.findIndex(({ name }) => name === target) ?? -1);
  const parameter = toType?.parameters.findIndex(({ name }) => name === target) ?? -1;
  return {
    ...(sketch.id === undefined ? {} : { id: sketch.id }),
    span,
    fromNode,
    fromOutput: outputOf(nodes[fromNode]?.type, tap),
    fromSpan: span,
    toNode,
    toKind: input >= 0 ? 'input' : 'parameter',
    toIndex: input >= 0 ? input : parameter,
    toSpan: span,
    delay: toLiteral(sketch.delay ?? 0),
    delaySpan: span,
    amount: toLiteral(sketch.amount ?? 1),
    mode: sketch.mode ?? 'add',
    in: sketch.in ?? 'linear',
    align: sketch.align ?? true,
    slew: sketch.slew,
  };
}

function outputOf(type: NodeType | undefined, tap: string | undefined): number {
  if (type !== undefined && tap === heatTap) {
    return heatOutput(type);
  }
  return tap === undefined ? 0 : (type?.outputs.findIndex(({ name }) => name === tap) ?? -1);
}

function toLiteral(value: Value): Literal {
  return typeof value === 'number' ? literal(value, 'plain') : value;
}
