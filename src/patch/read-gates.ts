// Reads the synchrony gates of a patch.
import type { Node } from 'jsonc-parser';
import { describeName } from './describe.js';
import type { GateSource } from './gate-source.js';
import type { NodeTable } from './node-table.js';
import { checkName } from './node-table.js';
import type { GateSignal, PatchGate } from './patch.js';
import type { EdgeEntry } from './read-edge.js';
import { resolveOutput } from './references.js';
import type { Report } from './report.js';
import { gateSchema } from './schema.js';
import { didYouMean, listWords } from './suggestion.js';
import type { Property } from './tree.js';
import { isObject, keyOf, ObjectReader, readProperties } from './tree.js';

/** Reads all gates in the order of the file. Mistakes are reported, and gates with one in their members are left out. */
export function readGates(
  report: Report,
  gates: Node,
  edges: readonly EdgeEntry[],
  nodes: NodeTable,
): readonly PatchGate[] {
  if (!isObject(report, gates, '"gates"', '{ "drop": { "members": ["wet"] } }')) {
    return [];
  }
  const edgesById = new Map(edges.flatMap((entry) => (entry.id === undefined ? [] : [[entry.id, entry] as const])));
  const gateOfEdge = new Map<string, string>();
  return readProperties(report, gates, '"gates"').flatMap((property) => {
    checkName(report, property.name, property.key);
    const gate = readGate(report, property, edgesById, gateOfEdge, nodes);
    return gate === undefined ? [] : [gate];
  });
}

function readGate(
  report: Report,
  property: Property,
  edgesById: ReadonlyMap<string, EdgeEntry>,
  gateOfEdge: Map<string, string>,
  nodes: NodeTable,
): PatchGate | undefined {
  const subject = `gate ${describeName(property.name)}`;
  if (property.value === undefined || !isObject(report, property.value, subject, '{ "members": ["wet"] }')) {
    return undefined;
  }
  const object = new ObjectReader(report, gateSchema, property.value, subject, 'a gate');
  const ids = object.required('members', 'an array of edge ids such as ["wet"]') ?? [];
  const members = ids.flatMap((id, position) => {
    const span = object.value('members')?.children?.[position] ?? property.key;
    const entry = edgesById.get(id);
    const owner = gateOfEdge.get(id);
    if (entry === undefined) {
      report.add(span, `${subject}: ${explainNoEdge(id, [...edgesById.keys()])}`);
    } else if (owner !== undefined) {
      const where = owner === property.name ? 'listed twice' : `already a member of gate ${owner}`;
      report.add(span, `${subject}: "${id}" is ${where}; an edge belongs to one gate`);
    }
    gateOfEdge.set(id, owner ?? property.name);
    return entry === undefined || owner !== undefined ? [] : [entry.index];
  });
  return {
    id: property.name,
    span: property.key,
    members,
    whileClosed: object.optional('while_closed'),
    release: object.optional('release'),
    open: object.optional('open'),
    quantize: object.optional('quantize'),
    ...readSources(report, object, subject, nodes),
  };
}

/** What moves a gate from outside, and the signals that do. */
function readSources(
  report: Report,
  object: ObjectReader<typeof gateSchema.shape>,
  subject: string,
  nodes: NodeTable,
): Pick<PatchGate, 'controls' | 'signals'> {
  const sources: readonly GateSource[] = object.optional('controls');
  const controls = sources.flatMap((source) => (source.type === 'signal' ? [] : [source]));
  const signals = sources.flatMap((source, position): readonly GateSignal[] => {
    if (source.type !== 'signal') {
      return [];
    }
    const span = object.value('controls')?.children?.[position] ?? object.span('controls');
    const tap = resolveOutput(nodes, source.reference, { report, span, subject: keyOf(subject, 'controls') });
    return tap === undefined ? [] : [{ span, ...tap }];
  });
  return { controls, signals };
}

function explainNoEdge(id: string, ids: readonly string[]): string {
  if (ids.length === 0) {
    return `no edge has the id "${id}", nor any other; an edge gets one by "id": "${id}"`;
  }
  const fitting = listWords(ids.map((known) => `"${known}"`));
  return `no edge has the id "${id}"${didYouMean(id, ids) || `; the ids are ${fitting}`}`;
}
