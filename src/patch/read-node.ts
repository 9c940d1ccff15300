// Reads one node of a patch, whose type is known: parameters, options and the other keys.
import type { Node } from 'jsonc-parser';
import type { NodeTypeSchema } from './node-schema.js';
import { laneKeysSchema, nodeThermalSchema, nodeTypeSchemas } from './node-schema.js';
import type { NodeEntry, NodeTable } from './node-table.js';
import { describeNode } from './node-table.js';
import type { NodeType, ParameterDeclaration } from './node-types.js';
import type { Literal, PatchNode, PatchParameter, Slew, Written } from './patch.js';
import { readSlew } from './read-slew.js';
import { readTaps } from './read-taps.js';
import type { Report } from './report.js';
import { didYouMean, listWords } from './suggestion.js';
import { isObject, keyOf, ObjectReader, readLeaf } from './tree.js';
import type { Timing } from './units.js';
import { explainRange } from './value.js';

/** Reads a node; `undefined` for one whose type is not known. Mistakes are reported, and what they concern is left out. */
export function readNode(report: Report, entry: NodeEntry, table: NodeTable, timing: Timing): PatchNode | undefined {
  const { type, object } = entry;
  const schema = nodeTypeSchemas.get(type?.name ?? '');
  if (type === undefined || object === undefined || schema === undefined) {
    return undefined;
  }
  return new NodeReader(report, entry, type, schema, object).read(table, timing);
}

class NodeReader {
  readonly #report: Report;
  readonly #entry: NodeEntry;
  readonly #type: NodeType;
  readonly #schema: NodeTypeSchema;
  readonly #object: ObjectReader<NodeTypeSchema['object']['shape']>;
  readonly #subject: string;

  constructor(report: Report, entry: NodeEntry, type: NodeType, schema: NodeTypeSchema, object: Node) {
    this.#report = report;
    this.#entry = entry;
    this.#type = type;
    this.#schema = schema;
    this.#subject = describeNode(entry.id, type);
    this.#object = new ObjectReader(report, schema.object, object, this.#subject, type.name);
  }

  read(table: NodeTable, timing: Timing): PatchNode {
    const parameters = this.#readParameters(timing);
    const batch = this.#readBatch();
    this.#checkLanes(parameters, batch);
    return {
      id: this.#entry.id,
      span: this.#entry.span,
      type: this.#type,
      parameters,
      options: this.#readOptions(),
      batch,
      voicesOf: this.#readVoicesOf(table),
      thermal: this.#readThermal(),
      slew: this.#readSlews(),
      taps: this.#readTaps(),
    };
  }

  #readParameters(timing: Timing): ReadonlyMap<string, PatchParameter> {
    const parameters = new Map<string, PatchParameter>();
    for (const declaration of this.#type.parameters) {
      const node = this.#object.value(declaration.name);
      const schema = this.#schema.parameters.get(declaration.name);
      if (node === undefined || schema === undefined) {
        continue;
      }
      const values = readLeaf(this.#report, schema, node, keyOf(this.#subject, declaration.name));
      if (values !== undefined) {
        this.#checkRanges(declaration, values, node, timing);
        parameters.set(declaration.name, { values, span: node });
      }
    }
    return parameters;
  }

  /** What hangs on the tempo could not be compared with the range before the tempo was known. */
  #checkRanges(declaration: ParameterDeclaration, values: readonly Literal[], node: Node, timing: Timing): void {
    values.forEach((literal, lane) => {
      const message = explainRange(literal, declaration, timing);
      if (message !== undefined) {
        const place = node.type === 'array' ? (node.children?.[lane] ?? node) : node;
        this.#report.add(place, `${keyOf(this.#subject, declaration.name)}: ${message}`);
      }
    });
  }

  #readOptions(): ReadonlyMap<string, number> {
    const options = new Map<string, number>();
    for (const [name, schema] of this.#schema.options) {
      const node = this.#object.value(name);
      const found = node === undefined ? undefined : readLeaf(this.#report, schema, node, keyOf(this.#subject, name));
      options.set(name, found ?? schema.parse(undefined));
    }
    return options;
  }

  #readBatch(): Written<number> | undefined {
    const node = this.#object.value('batch');
    if (node === undefined) {
      return undefined;
    }
    const value = readLeaf(this.#report, laneKeysSchema.shape.batch, node, keyOf(this.#subject, 'batch'));
    return value === undefined ? undefined : { value, span: node };
  }

  /** Lists of values and the batch have to be of one length, or of length 1. */
  #checkLanes(parameters: ReadonlyMap<string, PatchParameter>, batch: Written<number> | undefined): void {
    let first = batch === undefined || batch.value === 1 ? undefined : { key: 'batch', lanes: batch.value };
    for (const [key, { values, span }] of parameters) {
      const lanes = values.length;
      if (lanes === 1) {
        continue;
      }
      first ??= { key, lanes };
      if (first.lanes !== lanes) {
        const other = first.key === 'batch' ? `"batch" is ${first.lanes}` : `"${first.key}" has ${first.lanes}`;
        this.#report.add(
          span,
          `${keyOf(this.#subject, key)} has ${lanes} values, but ${other}; 1 or ${first.lanes} fit`,
        );
      }
    }
  }

  #readVoicesOf(table: NodeTable): Written<number> | undefined {
    const node = this.#object.value('voices_of');
    if (node === undefined) {
      return undefined;
    }
    const subject = keyOf(this.#subject, 'voices_of');
    const id = readLeaf(this.#report, laneKeysSchema.shape.voices_of, node, subject);
    const keys = table.byId.get(id ?? '');
    if (id !== undefined && keys?.type?.shape !== 'voices') {
      const isJudged = keys === undefined || keys.type !== undefined;
      if (isJudged) {
        this.#report.add(node, `${subject}: ${explainNoVoices(id, keys?.type, table)}`);
      }
      return undefined;
    }
    return keys === undefined ? undefined : { value: keys.index, span: node };
  }

  #readThermal(): PatchNode['thermal'] {
    const node = this.#object.value('thermal');
    const subject = keyOf(this.#subject, 'thermal');
    if (node === undefined || !isObject(this.#report, node, subject, '{ "gain": 1, "tau": 10 }')) {
      return this.#type.thermal;
    }
    const thermal = new ObjectReader(this.#report, nodeThermalSchema, node, subject, '"thermal"');
    const { gain, tau } = this.#type.thermal;
    return { gain: thermal.optional('gain') ?? gain, tau: thermal.optional('tau') ?? tau };
  }

  #readSlews(): ReadonlyMap<string, Slew> {
    const slews = new Map<string, Slew>();
    const node = this.#object.value('slew');
    const subject = keyOf(this.#subject, 'slew');
    if (node === undefined || !isObject(this.#report, node, subject, '{ "cutoff": { "rate": 20000 } }')) {
      return slews;
    }
    const object = new ObjectReader(this.#report, this.#schema.slews, node, subject, this.#type.name);
    for (const { name } of this.#type.parameters) {
      const limits = object.value(name);
      const slew = limits === undefined ? undefined : readSlew(this.#report, limits, keyOf(subject, name));
      if (slew !== undefined) {
        slews.set(name, slew);
      }
    }
    return slews;
  }

  #readTaps(): PatchNode['taps'] {
    const node = this.#object.value('taps');
    return node === undefined
      ? new Map()
      : readTaps(this.#report, this.#type, this.#schema.taps, node, keyOf(this.#subject, 'taps'));
  }
}

function explainNoVoices(id: string, type: NodeType | undefined, table: NodeTable): string {
  const sources = table.entries.filter((entry) => entry.type?.shape === 'voices').map((entry) => entry.id);
  const quoted = sources.map((source) => `"${source}"`);
  const fitting = sources.length === 0 ? '; the patch has no keys node' : `; ${listWords(quoted, 'or')} fits`;
  return type === undefined
    ? `there is no node "${id}"${didYouMean(id, sources) || fitting}`
    : `"${id}" is of type ${type.name}, which makes no voices${fitting}`;
}
