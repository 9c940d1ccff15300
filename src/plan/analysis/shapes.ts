// Shapes: how many lanes each node and tap has. Where two shapes meet, 1 spreads to n.

import { isHeat } from '../../patch/heat-tap.js';
import type { NodeType } from '../../patch/node-types.js';
import type { Patch, PatchEdge, PatchNode, TargetKind } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Graph } from '../graph/graph.js';
import type { Refuse } from './refuse.js';
import { sourceName, targetName } from './refuse.js';
import { outputForm, valuesOf } from './spectral.js';

export interface Shape {
  readonly batch: number;
  readonly channels: number;
}

/** A node's heat is one number, whatever its lanes. */
export const heatShape: Shape = { batch: 1, channels: 1 };

/** The most lanes, batch times channels, that a tap can have. */
export const mostLanes = 4096;

/** Whether a node sums all lanes of its inputs over the batch. */
export function sumsLanes(type: NodeType): boolean {
  return type.shape === 'sum' || type.shape === 'output';
}

/** The shape of a node's outputs. */
export function outputShape(type: NodeType, node: Shape): Shape {
  return type.shape === 'pan' ? { batch: node.batch, channels: 2 } : node;
}

/** The shape that a tap or parameter of a node must meet; the batch of an edge into the input of a sum is its own. */
function targetShape(type: NodeType, node: Shape, source: Shape, toKind: TargetKind): Shape {
  return toKind === 'input' && sumsLanes(type) ? { batch: source.batch, channels: node.channels } : node;
}

/**
 * The shape of each node: the least one that all its edges, its batch and its values meet. Refuses whatever does not meet, and
 * what has too many lanes.
 */
export function findShapes(patch: Patch, graph: Graph, refuse: Refuse): readonly Shape[] {
  const shapes: Shape[] = patch.nodes.map((node) => ownShape(patch, node));
  const queue = shapes.map((_, node) => node);
  const isQueued = new Uint8Array(shapes.length).fill(1);
  for (let head = 0; head < queue.length; head += 1) {
    const node = elementAt(queue, head);
    isQueued[node] = 0;
    for (const arc of elementAt(graph.outgoing, node)) {
      const source = sourceShape(patch, elementAt(patch.edges, arc), shapes);
      const target = elementAt(graph.arcs, arc).to;
      const before = elementAt(shapes, target);
      const after = join(elementAt(patch.nodes, target).type, before, source);
      if (after.batch !== before.batch || after.channels !== before.channels) {
        shapes[target] = after;
        if (isQueued[target] === 0) {
          isQueued[target] = 1;
          queue.push(target);
        }
      }
    }
  }
  refuseMisfits(patch, graph, shapes, refuse);
  return shapes;
}

/** The largest batch that an edge brings to an input. */
export function largestIncomingBatch(patch: Patch, edges: readonly PatchEdge[], shapes: readonly Shape[]): number {
  return edges.reduce((largest, edge) => Math.max(largest, sourceShape(patch, edge, shapes).batch), 1);
}

/** The shape that a node has before any edge is looked at. */
function ownShape(patch: Patch, node: PatchNode): Shape {
  switch (node.type.shape) {
    case 'voices':
      return { batch: node.options.get('voices') ?? 1, channels: 1 };
    case 'output':
      return { batch: 1, channels: node.options.get('channels') ?? 1 };
    case 'sum':
      return { batch: 1, channels: 1 };
    case 'elementwise':
    case 'pan':
      return { batch: ownBatches(patch, node).find(({ batch }) => batch !== 1)?.batch ?? 1, channels: 1 };
  }
}

interface OwnBatch {
  readonly batch: number;
  readonly span: PatchNode['span'];
  readonly what: string;
}

/** Everything in a node itself that gives it a batch, the strongest first. */
function ownBatches(patch: Patch, node: PatchNode): readonly OwnBatch[] {
  const batches: OwnBatch[] = [];
  if (node.voicesOf !== undefined) {
    const keys = elementAt(patch.nodes, node.voicesOf.value);
    const voices = keys.options.get('voices') ?? 1;
    batches.push({ batch: voices, span: node.voicesOf.span, what: `the ${voices} voices of "${keys.id}"` });
  }
  if (node.batch !== undefined) {
    batches.push({ batch: node.batch.value, span: node.batch.span, what: `the batch ${node.batch.value}` });
  }
  for (const [name, { values, span }] of node.parameters) {
    batches.push({ batch: values.length, span, what: `the ${values.length} values of "${name}"` });
  }
  return batches;
}

/** The shape of a node after one of its edges was looked at; a dimension that cannot take the source's stays as it is. */
function join(type: NodeType, node: Shape, source: Shape): Shape {
  switch (type.shape) {
    case 'elementwise':
      return { batch: spread(node.batch, source.batch), channels: spread(node.channels, source.channels) };
    case 'pan':
      return { batch: spread(node.batch, source.batch), channels: node.channels };
    case 'sum':
      return { batch: node.batch, channels: spread(node.channels, source.channels) };
    case 'output':
    case 'voices':
      return node;
  }
}

function spread(size: number, other: number): number {
  return size === 1 ? other : size;
}

function refuseMisfits(patch: Patch, graph: Graph, shapes: readonly Shape[], refuse: Refuse): void {
  // What follows from a node that is refused would only repeat the mistake.
  const crowded = new Set<number>();
  const doubtful = new Set<number>();
  patch.nodes.forEach((node, index) => {
    const shape = elementAt(shapes, index);
    refuseOwnMisfits(patch, node, shape, refuse);
    const own = outputShape(node.type, shape);
    const values = node.type.outputs.map((_, output) => valuesOf(outputForm(node, output)));
    const { batch, channels } = { ...own, channels: own.channels * Math.max(1, ...values) };
    if (batch * channels > mostLanes && !crowded.has(index)) {
      addReachable(graph, index, crowded);
      const name = shapeName({ batch, channels });
      refuse(node.span, `"${node.id}" has the shape ${name}, ${batch * channels} lanes; at most ${mostLanes} fit`);
    }
  });
  patch.edges.forEach((edge, index) => {
    const { type } = elementAt(patch.nodes, edge.toNode);
    const source = sourceShape(patch, edge, shapes);
    const needed = targetShape(type, elementAt(shapes, edge.toNode), source, edge.toKind);
    const misfit = (['batch', 'channels'] as const).find((size) => source[size] !== 1 && source[size] !== needed[size]);
    if (misfit === undefined || doubtful.has(edge.fromNode)) {
      return;
    }
    addReachable(graph, edge.toNode, doubtful);
    const others = elementAt(graph.incoming, edge.toNode).filter((other) => other !== index);
    const origin = originOf(patch, others, shapes, misfit, needed[misfit]);
    const name = `"${sourceName(patch, edge)}" ${shapeName(source)} does not meet "${targetName(patch, edge)}" ${shapeName(needed)}`;
    const why = origin === undefined ? '' : `, which has its ${misfit} from ${origin}`;
    refuse(edge.span, `${name}${why}: 1 spreads to n, ${source[misfit]} not to ${needed[misfit]}`);
  });
}

function refuseOwnMisfits(patch: Patch, node: PatchNode, shape: Shape, refuse: Refuse): void {
  const own = ownBatches(patch, node);
  const strongest = own.find(({ batch }) => batch === shape.batch);
  for (const { batch, span, what } of own) {
    if (batch !== 1 && batch !== shape.batch) {
      const other = strongest?.what ?? `the batch ${shape.batch}`;
      refuse(span, `${what} and ${other} do not meet in "${node.id}": 1 spreads to n, ${batch} not to ${shape.batch}`);
    }
  }
}

function addReachable(graph: Graph, start: number, reached: Set<number>): void {
  const stack = [start];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!reached.has(node)) {
      reached.add(node);
      for (const arc of elementAt(graph.outgoing, node)) {
        stack.push(elementAt(graph.arcs, arc).to);
      }
    }
  }
}

function sourceShape(patch: Patch, edge: PatchEdge, shapes: readonly Shape[]): Shape {
  const { type } = elementAt(patch.nodes, edge.fromNode);
  return isHeat(type, edge.fromOutput) ? heatShape : outputShape(type, elementAt(shapes, edge.fromNode));
}

/** The first of some edges that brings a given batch or number of channels. */
function originOf(
  patch: Patch,
  edges: readonly number[],
  shapes: readonly Shape[],
  size: keyof Shape,
  wanted: number,
): string | undefined {
  for (const index of edges) {
    const edge = elementAt(patch.edges, index);
    const source = sourceShape(patch, edge, shapes);
    if (source[size] === wanted) {
      return `"${sourceName(patch, edge)}" ${shapeName(source)}`;
    }
  }
  return undefined;
}

export function shapeName({ batch, channels }: Shape): string {
  return `(${batch}, ${channels})`;
}
