// Reads the text of a patch: all of its mistakes at once, or the patch.
import type { Node } from 'jsonc-parser';
import type { Diagnostic, SourceSpan } from './diagnostic.js';
import { SourceText } from './diagnostic.js';
import { readDocument } from './document.js';
import type { NodeTable } from './node-table.js';
import { emptyNodeTable, readNodeTable } from './node-table.js';
import type { Patch, PatchNode, ThermalBudget } from './patch.js';
import { readControls } from './read-controls.js';
import { readEdges } from './read-edge.js';
import { readGates } from './read-gates.js';
import { readNode } from './read-node.js';
import type { ScheduleReplacement } from './read-schedule.js';
import { readSchedule, replaceSchedule } from './read-schedule.js';
import { Report } from './report.js';
import { limiterSchema, patchFormat, patchSchema, thermalSchema } from './schema.js';
import { isObject, ObjectReader, plainValue } from './tree.js';
import type { Timing } from './units.js';

export type PatchReading =
  | { readonly ok: true; readonly patch: Patch }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Frames a second with which times are compared with ranges, until a stream has a rate of its own. */
const usualRate = 48000;

/**
 * Reads a patch: JSON with comments and trailing commas. `file` names the text in diagnostics. What only the graph as a whole can tell, such as
 * loops without delay or shapes that do not meet, is the planner's to judge. With a `replacement` nobody looks at the patch's own schedule. Never throws.
 */
export function readPatch(text: string, file: string, replacement?: ScheduleReplacement): PatchReading {
  const source = new SourceText(file, text);
  const report = new Report(source);
  const root = readDocument(source, report);
  const reading = root === undefined ? undefined : readRoot(report, root, source, replacement);
  const patch = reading?.patch;
  const diagnostics = [...report.diagnostics(), ...(reading?.diagnosticsOfSchedule ?? [])];
  return patch !== undefined && diagnostics.length === 0 ? { ok: true, patch } : { ok: false, diagnostics };
}

type PatchObject = ObjectReader<typeof patchSchema.shape>;

interface RootReading {
  readonly patch: Patch;
  /** Of the text that took the schedule's place. */
  readonly diagnosticsOfSchedule: readonly Diagnostic[];
}

function readRoot(
  report: Report,
  root: Node,
  source: SourceText,
  replacement: ScheduleReplacement | undefined,
): RootReading | undefined {
  if (!isObject(report, root, 'a patch', '{ "amp": 1, "nodes": {}, "edges": [] }') || !isOfThisFormat(report, root)) {
    return undefined;
  }
  const object = new ObjectReader(report, patchSchema, root, '', 'a patch');
  object.optional('$schema');
  object.required('amp', `the version of the format, ${patchFormat},`);
  const tempo = object.optional('tempo');
  const meter = object.optional('meter');
  const timing: Timing = { rate: usualRate, tempo, meter };
  const table = readTable(report, object);
  const nodes = readNodes(report, table, timing);
  const edgesNode = object.value('edges');
  const edges = edgesNode === undefined ? [] : readEdges(report, edgesNode, table);
  const controls = object.value('controls');
  const gates = object.value('gates');
  const { schedule, diagnostics: diagnosticsOfSchedule } =
    replacement === undefined
      ? { schedule: readSchedule(report, object.value('schedule'), table), diagnostics: [] }
      : replaceSchedule(replacement, table);
  const patch: Patch = {
    source,
    span: root,
    name: object.optional('name'),
    tempo,
    meter,
    seed: object.optional('seed'),
    nodes,
    edges: edges.flatMap((entry) => entry.edge ?? []),
    controls: controls === undefined ? [] : readControls(report, controls, { nodes: table, edges, timing }),
    gates: gates === undefined ? [] : readGates(report, gates, edges, table),
    thermal: readThermal(report, object),
    ceiling: readCeiling(report, object),
    schedule,
    overload: object.optional('overload'),
  };
  return { patch, diagnosticsOfSchedule };
}

/** A later format may mean anything by its other keys, so nothing more is said about such a patch. */
function isOfThisFormat(report: Report, root: Node): boolean {
  const property = root.children?.find((child) => child.children?.[0]?.value === 'amp');
  const node = property?.children?.[1];
  const found = node === undefined ? undefined : plainValue(node);
  const isLater = typeof found === 'number' && Number.isInteger(found) && found > patchFormat;
  if (node !== undefined && isLater) {
    report.add(
      node,
      `"amp": format ${found} is newer than this program, which reads format ${patchFormat}; a newer amp-live reads it`,
    );
  }
  return !isLater;
}

function readTable(report: Report, object: PatchObject): NodeTable {
  const nodes = object.value('nodes');
  const example = '{ "out": { "type": "output" } }';
  if (nodes === undefined) {
    object.required('nodes', example);
  } else if (isObject(report, nodes, '"nodes"', example)) {
    const table = readNodeTable(report, nodes);
    checkOutput(report, table, object.keySpan('nodes'));
    return table;
  }
  return emptyNodeTable;
}

/** Unless a node of unknown type might be meant as one, there has to be an output. */
function checkOutput(report: Report, table: NodeTable, span: SourceSpan): void {
  const mayBeOutput = table.entries.some((entry) => entry.type === undefined || entry.type.shape === 'output');
  if (!mayBeOutput) {
    report.add(span, 'no node is of type "output", so nothing would be heard; one fits: "out": { "type": "output" }');
  }
}

function readNodes(report: Report, table: NodeTable, timing: Timing): readonly PatchNode[] {
  return table.entries.flatMap((entry) => readNode(report, entry, table, timing) ?? []);
}

function readThermal(report: Report, object: PatchObject): ThermalBudget {
  const node = object.value('thermal');
  if (node === undefined || !isObject(report, node, '"thermal"', '{ "ambient": 25, "warm": 55, "limit": 80 }')) {
    return toBudget(thermalSchema.parse({}));
  }
  const thermal = new ObjectReader(report, thermalSchema, node, '"thermal"', '"thermal"');
  const budget = {
    ambient: thermal.optional('ambient'),
    warm: thermal.optional('warm'),
    limit: thermal.optional('limit'),
    on_limit: thermal.optional('on_limit'),
  };
  if (!(budget.ambient < budget.warm && budget.warm < budget.limit)) {
    const found = `ambient ${budget.ambient}, warm ${budget.warm}, limit ${budget.limit}`;
    report.add(node, `"thermal": found ${found}; ambient lies below warm, and warm below limit`);
  }
  return toBudget(budget);
}

function toBudget({ ambient, warm, limit, on_limit }: ReturnType<typeof thermalSchema.parse>): ThermalBudget {
  return { ambient, warm, limit, onLimit: on_limit };
}

function readCeiling(report: Report, object: PatchObject): Patch['ceiling'] {
  const node = object.value('limiter');
  if (node === undefined || !isObject(report, node, '"limiter"', '{ "ceiling": "-0.3 dB" }')) {
    return limiterSchema.parse({}).ceiling;
  }
  return new ObjectReader(report, limiterSchema, node, '"limiter"', 'the limiter').optional('ceiling');
}
