// Reads the edges of a patch and finds the taps and parameters that they connect.
import type { Node } from 'jsonc-parser';
import { describeName } from './describe.js';
import { isHeat } from './heat-tap.js';
import type { NodeTable } from './node-table.js';
import type { Literal, ModulationMeasure, ModulationMode, PatchEdge, Slew } from './patch.js';
import { readSlew } from './read-slew.js';
import type { TargetReference } from './references.js';
import { resolveSource, resolveTarget } from './references.js';
import type { Report } from './report.js';
import { edgeSchema } from './schema.js';
import { isObject, keyOf, ObjectReader, readElements } from './tree.js';
import { explainUnit, largestAmount } from './value.js';

/** An edge of the file: what later parts may point at, and the edge itself unless it has a mistake. */
export interface EdgeEntry {
  readonly index: number;
  readonly id: string | undefined;
  /** What the edge feeds, as far as that is known. */
  readonly target: TargetReference | undefined;
  readonly edge: PatchEdge | undefined;
}

/** Reads all edges in the order of the file. Mistakes are reported. */
export function readEdges(report: Report, edges: Node, table: NodeTable): readonly EdgeEntry[] {
  const entries: EdgeEntry[] = [];
  const firstLines = new FirstLines(report, table);
  readElements(report, edges, '"edges"').forEach((node, index) => {
    const example = '{ "from": "saw", "to": "low" }';
    if (isObject(report, node, `edge ${index + 1}`, example)) {
      entries.push(readEdge(report, node, index, table, firstLines));
    } else {
      entries.push({ index, id: undefined, target: undefined, edge: undefined });
    }
  });
  return entries;
}

function readEdge(report: Report, node: Node, index: number, table: NodeTable, firstLines: FirstLines): EdgeEntry {
  const subject = edgeName(node, index);
  const object = new ObjectReader(report, edgeSchema, node, subject, 'an edge');
  const id = object.optional('id');
  const from = object.required('from', '"saw" or "low.band"');
  const to = object.required('to', '"low" or "low.cutoff"');
  const delay = object.optional('delay');
  const placeOf = (key: 'from' | 'to') => ({ report, span: object.span(key), subject });
  const source = from === undefined ? undefined : resolveSource(table, from, placeOf('from'));
  const target = to === undefined ? undefined : resolveTarget(table, to, placeOf('to'));
  if (id !== undefined) {
    firstLines.checkId(id, object.span('id'), subject);
  }
  const action = readAction(report, object, target, subject);
  if (source === undefined || target === undefined) {
    return { index, id, target, edge: undefined };
  }
  const sourceType = table.entries[source.node]?.type;
  const readsHeat = sourceType !== undefined && isHeat(sourceType, source.output);
  const edge: PatchEdge = {
    id,
    span: node,
    fromNode: source.node,
    fromOutput: source.output,
    fromSpan: object.span('from'),
    toNode: target.entry.index,
    toKind: target.kind,
    toIndex: target.index,
    toSpan: object.span('to'),
    delay,
    delaySpan: object.span('delay'),
    ...action,
    // Heat is slow: making the material wait for it would only make the patch late.
    align: object.has('align') || !readsHeat ? object.optional('align') : false,
  };
  firstLines.checkPair(edge, subject);
  return { index, id, target, edge };
}

/** `edge saw -> low`, or by its number when it does not say what it connects. */
function edgeName(node: Node, index: number): string {
  const textOf = (key: string) => {
    const property = node.children?.find((child) => child.children?.[0]?.value === key);
    const found: unknown = property?.children?.[1]?.value;
    return typeof found === 'string' && describeName(found) === found ? found : undefined;
  };
  const from = textOf('from');
  const to = textOf('to');
  return from === undefined || to === undefined ? `edge ${index + 1}` : `edge ${from} -> ${to}`;
}

interface EdgeAction {
  readonly amount: Literal;
  readonly mode: ModulationMode;
  readonly in: ModulationMeasure;
  readonly slew?: Slew | undefined;
}

type EdgeObject = ObjectReader<typeof edgeSchema.shape>;

/** What the edge does at its end: gain into an input; depth, mode and measure on a parameter. */
function readAction(
  report: Report,
  object: EdgeObject,
  target: TargetReference | undefined,
  subject: string,
): EdgeAction {
  const gain = object.optional('gain');
  const depth = object.optional('depth');
  const mode = object.optional('mode');
  const measure = object.optional('in') ?? 'linear';
  const slewNode = object.value('slew');
  const slew = slewNode === undefined ? undefined : readSlew(report, slewNode, keyOf(subject, 'slew'));
  if (target?.kind !== 'parameter') {
    if (target !== undefined) {
      refuseKeys(
        report,
        object,
        ['depth', 'mode', 'in'],
        subject,
        'belongs to edges that lead to a parameter; for an input "gain" fits',
      );
      refuseKeys(
        report,
        object,
        ['slew'],
        subject,
        'belongs to edges that lead to a parameter; before an input a node of type "slew" fits',
      );
    }
    return { amount: gain, mode: 'add', in: 'linear' };
  }
  refuseKeys(report, object, ['gain'], subject, 'belongs to edges that lead to an input; for a parameter "depth" fits');
  if (measure === 'octaves' && mode === 'add') {
    report.add(
      object.span('mode'),
      `${keyOf(subject, 'mode')}: "in": "octaves" scales the parameter; "scale" fits, or no mode`,
    );
  }
  const resolvedMode = mode ?? (measure === 'octaves' ? 'scale' : 'add');
  checkDepth(report, object, target, depth, measure === 'octaves' ? 'octaves' : resolvedMode, subject);
  return { amount: depth, mode: resolvedMode, in: measure, slew };
}

function refuseKeys(report: Report, object: EdgeObject, keys: readonly string[], subject: string, why: string): void {
  for (const key of keys) {
    if (object.has(key)) {
      report.add(object.keySpan(key), `${keyOf(subject, key)} ${why}`);
    }
  }
}

/** What is added is in the parameter's unit; what scales is a ratio or a number of octaves. */
function checkDepth(
  report: Report,
  object: EdgeObject,
  target: TargetReference,
  depth: Literal,
  action: ModulationMode | 'octaves',
  subject: string,
): void {
  const added = target.type.parameters[target.index]?.unit ?? 'none';
  const unit = action === 'add' ? added : action === 'scale' ? 'ratio' : 'octaves';
  const message =
    explainUnit(depth, unit) ??
    (Math.abs(depth.number) > largestAmount
      ? `found ${depth.number}; at most ${largestAmount} either way fits`
      : undefined);
  if (message !== undefined) {
    report.add(object.span('depth'), `${keyOf(subject, 'depth')}: ${message}`);
  }
}

/** Remembers where an edge's id, and a pair of ends, was first written. */
class FirstLines {
  readonly #report: Report;
  readonly #table: NodeTable;
  readonly #ids = new Map<string, number>();
  readonly #pairs = new Map<string, number>();

  constructor(report: Report, table: NodeTable) {
    this.#report = report;
    this.#table = table;
  }

  /** Ids of edges are unique among edges and nodes, since controls point at both alike. */
  checkId(id: string, span: PatchEdge['span'], subject: string): void {
    const node = this.#table.byId.get(id);
    const line = node === undefined ? this.#ids.get(id) : this.#report.lineOf(node.span);
    if (line !== undefined) {
      const owner = node === undefined ? 'an edge' : 'a node';
      this.#report.add(
        span,
        `${keyOf(subject, 'id')}: "${id}" is already the name of ${owner}, in line ${line}; another name fits`,
      );
    } else {
      this.#ids.set(id, this.#report.lineOf(span));
    }
  }

  /** Two edges between the same ends have to be told apart by their ids. */
  checkPair(edge: PatchEdge, subject: string): void {
    if (edge.id !== undefined) {
      return;
    }
    const pair = [edge.fromNode, edge.fromOutput, edge.toNode, edge.toKind, edge.toIndex].join(' ');
    const line = this.#pairs.get(pair);
    if (line !== undefined) {
      this.#report.add(
        edge.span,
        `${subject}: this edge is already there, in line ${line}; a second one needs an "id" of its own`,
      );
    } else {
      this.#pairs.set(pair, this.#report.lineOf(edge.span));
    }
  }
}
