// Resolves what a patch points at by name: "low", "low.band", "low.cutoff".
import { describeFound, describeName } from './describe.js';
import type { SourceSpan } from './diagnostic.js';
import { heatOutput, heatTap } from './heat-tap.js';
import type { NodeEntry, NodeTable } from './node-table.js';
import { describeNode } from './node-table.js';
import type { NodeType } from './node-types.js';
import { readableOutputs } from './node-types.js';
import type { TargetKind } from './patch.js';
import type { Report } from './report.js';
import { didYouMean, listWords } from './suggestion.js';

/** An output tap of a node, both by index. */
export interface OutputReference {
  readonly node: number;
  readonly output: number;
}

/** An input tap or a parameter of a node, by index. */
export interface TargetReference {
  readonly entry: NodeEntry;
  readonly type: NodeType;
  readonly kind: TargetKind;
  readonly index: number;
}

/** What messages about a reference need: where it stands and what they are about. */
export interface Place {
  readonly report: Report;
  readonly span: SourceSpan;
  /** Begins each message. */
  readonly subject: string;
}

/** The node and the name behind the dot, if there is one. */
export function splitReference(text: string): readonly [node: string, member: string | undefined] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** Finds what an edge reads: an output, or the heat of a node. `undefined` as for an output. */
export function resolveSource(table: NodeTable, text: string, place: Place): OutputReference | undefined {
  const [id, tap] = splitReference(text);
  if (tap !== heatTap) {
    return resolveOutput(table, text, place);
  }
  const entry = findNode(table, id, place);
  if (entry?.type === undefined) {
    return undefined;
  }
  if (entry.type.inputs.length === 0) {
    const name = describeNode(entry.id, entry.type);
    refuse(place, `${name} has no inputs, so nothing warms it; the heat of a node that has inputs fits`);
    return undefined;
  }
  return { node: entry.index, output: heatOutput(entry.type) };
}

/** Finds an output tap. `undefined` after a mistake, which is reported, or for a node whose type is not known. */
export function resolveOutput(table: NodeTable, text: string, place: Place): OutputReference | undefined {
  const [id, tap] = splitReference(text);
  const entry = findNode(table, id, place);
  if (entry?.type === undefined) {
    return undefined;
  }
  const { type } = entry;
  const names = readableOutputs(type).map((output) => output.name);
  const output = tap === undefined ? 0 : names.indexOf(tap);
  if (output >= 0 && output < names.length) {
    return { node: entry.index, output };
  }
  const fitting = names.length === 0 ? 'it has no outputs' : `its outputs are ${listWords(names)}`;
  if (tap === undefined) {
    refuse(place, `${describeNode(entry.id, entry.type)} has no output to read from`);
  } else if ([...type.inputs, ...type.parameters].some((member) => member.name === tap)) {
    const kind = type.inputs.some((input) => input.name === tap) ? 'an input' : 'a parameter';
    refuse(place, `"${tap}" is ${kind} of ${describeNode(entry.id, entry.type)} and cannot be read; ${fitting}`);
  } else {
    refuse(
      place,
      `${describeNode(entry.id, entry.type)} has no output ${describeFound(tap)}${didYouMean(tap, [...names, heatTap]) || `; ${fitting}`}`,
    );
  }
  return undefined;
}

/** Finds what an edge feeds. `undefined` after a mistake, which is reported, or for a node whose type is not known. */
export function resolveTarget(table: NodeTable, text: string, place: Place): TargetReference | undefined {
  const [id, member] = splitReference(text);
  const entry = findNode(table, id, place);
  const type = entry?.type;
  if (entry === undefined || type === undefined) {
    return undefined;
  }
  const inputs = type.inputs.map((input) => input.name);
  const parameters = type.parameters.map((parameter) => parameter.name);
  const input = member === undefined ? 0 : inputs.indexOf(member);
  if (input >= 0 && input < inputs.length) {
    return { entry, type, kind: 'input', index: input };
  }
  const parameter = member === undefined ? -1 : parameters.indexOf(member);
  if (parameter >= 0) {
    return { entry, type, kind: 'parameter', index: parameter };
  }
  refuse(place, explainTarget(entry, type, member));
  return undefined;
}

function explainTarget(entry: NodeEntry, type: NodeType, member: string | undefined): string {
  const parameters = type.parameters.map((parameter) => parameter.name);
  if (member === undefined) {
    const fitting = listWords(parameters.map((parameter) => `"${entry.id}.${parameter}"`));
    return `${describeNode(entry.id, entry.type)} has no input${fitting === '' ? ' and no parameters' : `; its parameters are ${fitting}`}`;
  }
  const inputs = type.inputs.map((input) => input.name);
  const targets = [...inputs, ...parameters];
  const has = targets.length === 0 ? 'it has neither' : `it has ${listWords(targets)}`;
  if (readableOutputs(type).some((output) => output.name === member)) {
    return `"${member}" is an output of ${describeNode(entry.id, entry.type)}; an edge leads to an input or a parameter, and ${has}`;
  }
  if (type.options.some((option) => option.name === member)) {
    return `"${member}" is an option of ${describeNode(entry.id, entry.type)} and cannot be moved while it plays; ${has}`;
  }
  return `${describeNode(entry.id, entry.type)} has no input or parameter ${describeFound(member)}${didYouMean(member, targets) || `; ${has}`}`;
}

function findNode(table: NodeTable, id: string, place: Place): NodeEntry | undefined {
  const entry = table.byId.get(id);
  if (entry === undefined) {
    const fitting = table.ids.length === 0 ? '' : `; the nodes are ${listWords(table.ids.map(describeName))}`;
    refuse(place, `there is no node ${describeFound(id)}${didYouMean(id, table.ids) || fitting}`);
  }
  return entry;
}

function refuse(place: Place, message: string): void {
  place.report.add(place.span, `${place.subject}: ${message}`);
}
