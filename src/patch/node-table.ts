// The names and types of a patch's nodes, known before anything that refers to them is read.
import type { Node } from 'jsonc-parser';
import type { SourceSpan } from './diagnostic.js';
import type { NodeType } from './node-types.js';
import { findNodeType, nodeTypes } from './node-types.js';
import type { Report } from './report.js';
import { nameSchema } from './schema-parts.js';
import { didYouMean, listWords } from './suggestion.js';
import type { Property } from './tree.js';
import { isObject, plainValue, readProperties } from './tree.js';
import { describeFound } from './value.js';

/** A node's place in the patch. */
export interface NodeEntry {
  readonly id: string;
  readonly index: number;
  /** Where the id stands. */
  readonly span: SourceSpan;
  /** What the patch says about the node. */
  readonly object: Node | undefined;
  /** Missing when the patch does not say it rightly, which is reported. */
  readonly type: NodeType | undefined;
}

export type NodeTable = ReadonlyMap<string, NodeEntry>;

/** `low (svf)`, or `out` alone where the id is the type. */
export function describeNode(id: string, type: NodeType | undefined): string {
  return type === undefined || id === type.name ? id : `${id} (${type.name})`;
}

/** Reads names and types of all nodes; mistakes in either are reported. */
export function readNodeTable(report: Report, nodes: Node): NodeTable {
  const entries = readProperties(report, nodes, '').map((property, index) => readEntry(report, property, index));
  return new Map(entries.map((entry) => [entry.id, entry]));
}

function readEntry(report: Report, { name, key, value }: Property, index: number): NodeEntry {
  checkName(report, name, key);
  const object = value !== undefined && isObject(report, value, name, '{ "type": "sine" }') ? value : undefined;
  return {
    id: name,
    index,
    span: key,
    object,
    type: object === undefined ? undefined : readType(report, name, object),
  };
}

/** Reports what cannot be the name of a node, an edge or a gate. */
export function checkName(report: Report, name: string, key: SourceSpan): void {
  const reading = nameSchema.safeParse(name);
  for (const issue of reading.error?.issues ?? []) {
    report.add(key, issue.message);
  }
}

function readType(report: Report, id: string, object: Node): NodeType | undefined {
  const property = object.children?.find((child) => child.children?.[0]?.value === 'type');
  const typeNames = nodeTypes.map((type) => type.name);
  const everyType = `the types are ${listWords(typeNames, 'and', 200)}`;
  if (property === undefined) {
    report.add(object, `"type" of ${id} is missing; ${everyType}`);
    return undefined;
  }
  const node = property.children?.[1];
  if (node === undefined) {
    return undefined;
  }
  const found = plainValue(node);
  const type = typeof found === 'string' ? findNodeType(found) : undefined;
  if (type === undefined) {
    const near = typeof found === 'string' ? didYouMean(found, typeNames) : '';
    report.add(node, `${id}: there is no node type ${describeFound(found)}${near === '' ? `; ${everyType}` : near}`);
  }
  return type;
}
