// The names and types of a patch's nodes, known before anything that refers to them is read.
import type { Node } from 'jsonc-parser';
import { describeFound, describeName } from './describe.js';
import type { SourceSpan } from './diagnostic.js';
import type { NodeType } from './node-types.js';
import { findNodeType, nodeTypes } from './node-types.js';
import type { Report } from './report.js';
import { nameSchema } from './schema-parts.js';
import { didYouMean, listWords } from './suggestion.js';
import type { Property } from './tree.js';
import { isObject, plainValue, readProperties } from './tree.js';

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

/** The nodes of a patch by id, in the order of the file. */
export interface NodeTable {
  readonly entries: readonly NodeEntry[];
  readonly ids: readonly string[];
  readonly byId: ReadonlyMap<string, NodeEntry>;
}

/** The table of a patch that has no nodes. */
export const emptyNodeTable: NodeTable = { entries: [], ids: [], byId: new Map() };

/** `low (svf)`, or `out` alone where the id is the type. */
export function describeNode(id: string, type: NodeType | undefined): string {
  const name = describeName(id);
  return type === undefined || id === type.name ? name : `${name} (${type.name})`;
}

/** Reads names and types of all nodes; mistakes in either are reported. */
export function readNodeTable(report: Report, nodes: Node): NodeTable {
  const entries = readProperties(report, nodes, '').map((property, index) => readEntry(report, property, index));
  return {
    entries,
    ids: entries.map((entry) => entry.id),
    byId: new Map(entries.map((entry) => [entry.id, entry])),
  };
}

function readEntry(report: Report, { name, key, value }: Property, index: number): NodeEntry {
  checkName(report, name, key);
  const object =
    value !== undefined && isObject(report, value, describeName(name), '{ "type": "sine" }') ? value : undefined;
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
    report.add(object, `"type" of ${describeName(id)} is missing; ${everyType}`);
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
    report.add(
      node,
      `${describeName(id)}: there is no node type ${describeFound(found)}${near === '' ? `; ${everyType}` : near}`,
    );
  }
  return type;
}
