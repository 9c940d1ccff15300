// Reads a schedule, of a patch or of a file beside it: a word, a wish to the planner, or stages of cohorts.
import type { Node } from 'jsonc-parser';
import { describeFound, describeName } from './describe.js';
import type { Diagnostic } from './diagnostic.js';
import { SourceText } from './diagnostic.js';
import { readDocument } from './document.js';
import type { NodeTable } from './node-table.js';
import { findNodeType, nodeTypes } from './node-types.js';
import type { AddedNode, PatchSchedule, WrittenCohort, WrittenStage } from './patch.js';
import { Report } from './report.js';
import { cohortSchema, plannedSchema, scheduleWords, stageSchema, stagesSchema } from './schema.js';
import { didYouMean, listWords } from './suggestion.js';
import { isObject, keyOf, ObjectReader, plainValue, readElements } from './tree.js';

/** What takes the place of the schedule that a patch says. */
export type ScheduleReplacement =
  | { readonly type: 'kpn' }
  | { readonly type: 'ipls'; readonly partialLatency: number }
  /** What a patch may say under "schedule", in a file of its own. */
  | { readonly type: 'text'; readonly file: string; readonly text: string };

export interface ReplacedSchedule {
  readonly schedule: PatchSchedule;
  readonly diagnostics: readonly Diagnostic[];
}

/** The schedule that takes the place of a patch's own; its mistakes lie in its own text. */
export function replaceSchedule(replacement: ScheduleReplacement, table: NodeTable): ReplacedSchedule {
  if (replacement.type !== 'text') {
    return { schedule: replacement, diagnostics: [] };
  }
  const source = new SourceText(replacement.file, replacement.text);
  const report = new Report(source);
  const root = readDocument(source, report, 'schedule');
  const read = readSchedule(report, root, table, 'the schedule');
  const schedule = read.type === 'stages' ? { ...read, source } : read;
  return { schedule, diagnostics: report.diagnostics() };
}

/** Reads the schedule; without one the readiness queue alone decides. `subject` is what messages call it. */
export function readSchedule(
  report: Report,
  schedule: Node | undefined,
  table: NodeTable,
  subject = '"schedule"',
): PatchSchedule {
  if (schedule === undefined) {
    return { type: 'kpn' };
  }
  const found = plainValue(schedule);
  if (found === 'kpn' || found === 'ipls') {
    return { type: found };
  }
  if (schedule.type !== 'object') {
    const near = typeof found === 'string' ? didYouMean(found, scheduleWords) : '';
    const fitting = near || '; "kpn", "ipls" or { "stages": […] } fits';
    report.add(schedule, `${subject}: found ${describeFound(found)}${fitting}`);
    return { type: 'kpn' };
  }
  const keys = (schedule.children ?? []).map((property) => property.children?.[0]?.value);
  const isPlanned = !keys.includes('stages') && Object.keys(plannedSchema.shape).some((key) => keys.includes(key));
  return isPlanned ? readPlanned(report, schedule, subject) : new StageReader(report, table).read(schedule, subject);
}

function readPlanned(report: Report, schedule: Node, subject: string): PatchSchedule {
  const object = new ObjectReader(report, plannedSchema, schedule, subject, 'a planned schedule');
  object.required('plan', '"ipls"');
  return { type: 'ipls', partialLatency: object.optional('partial_latency') };
}

/** The planner adds sums. */
const typeOfAdded = 'mix';

class StageReader {
  readonly #report: Report;
  readonly #table: NodeTable;
  readonly #lineOfNode = new Map<string, number>();

  constructor(report: Report, table: NodeTable) {
    this.#report = report;
    this.#table = table;
  }

  read(schedule: Node, subject: string): PatchSchedule {
    const object = new ObjectReader(this.#report, stagesSchema, schedule, subject, 'a schedule');
    const node = object.value('stages');
    if (node === undefined) {
      object.required('stages', 'an array of stages');
      return { type: 'kpn' };
    }
    const stages = readElements(this.#report, node, '"stages"').map((stage, index) => this.#readStage(stage, index));
    const missing = this.#table.ids.filter((id) => !this.#lineOfNode.has(id));
    if (node.type === 'array' && missing.length > 0) {
      const verb = missing.length === 1 ? 'stands' : 'stand';
      this.#report.add(
        node,
        `"stages": ${listWords(missing.map(describeName))} ${verb} in no stage; every node has to stand in one`,
      );
    }
    return { type: 'stages', span: schedule, stages };
  }

  #readStage(node: Node, index: number): WrittenStage {
    const subject = `stage ${index + 1}`;
    if (!isObject(this.#report, node, subject, '{ "cohorts": [ { "type": "sine", "nodes": ["a"] } ] }')) {
      return { partialLatency: 0, cohorts: [] };
    }
    const stage = new ObjectReader(this.#report, stageSchema, node, subject, 'a stage');
    const partialLatency = stage.optional('partial_latency');
    const cohorts = stage.value('cohorts');
    if (cohorts === undefined) {
      stage.required('cohorts', 'an array of cohorts');
      return { partialLatency, cohorts: [] };
    }
    const elements = readElements(this.#report, cohorts, keyOf(subject, 'cohorts'));
    return {
      partialLatency,
      cohorts: elements.map((cohort, position) => this.#readCohort(cohort, `cohort ${position + 1} of ${subject}`)),
    };
  }

  #readCohort(node: Node, subject: string): WrittenCohort {
    if (!isObject(this.#report, node, subject, '{ "type": "sine", "nodes": ["a"] }')) {
      return { type: '', nodes: [] };
    }
    const cohort = new ObjectReader(this.#report, cohortSchema, node, subject, 'a cohort');
    const type = cohort.required('type', 'the type of its nodes') ?? '';
    if (cohort.has('type') && type !== '' && findNodeType(type) === undefined) {
      const near = didYouMean(
        type,
        nodeTypes.map(({ name }) => name),
      );
      this.#report.add(
        cohort.span('type'),
        `${keyOf(subject, 'type')}: there is no node type ${describeFound(type)}${near}`,
      );
    }
    const ids = cohort.required('nodes', 'an array of node ids') ?? [];
    const nodes = ids.flatMap((id, position) => {
      const span = cohort.value('nodes')?.children?.[position] ?? node;
      return this.#resolve(id, type, span, keyOf(subject, 'nodes'));
    });
    return { span: node, type, nodes };
  }

  #resolve(id: string, type: string, span: Node, subject: string): readonly (number | AddedNode)[] {
    const entry = this.#table.byId.get(id);
    const line = this.#lineOfNode.get(id);
    const isAdded = id.includes('.');
    if (entry === undefined && !isAdded) {
      this.#report.add(span, `${subject}: there is no node "${id}"${didYouMean(id, this.#table.ids)}`);
      return [];
    }
    const ownType = isAdded ? typeOfAdded : entry?.type?.name;
    if (ownType !== undefined && findNodeType(type) !== undefined && ownType !== type) {
      this.#report.add(span, `${subject}: "${id}" is of type ${ownType}; nodes of type ${type} fit`);
    }
    if (line !== undefined) {
      this.#report.add(span, `${subject}: "${id}" already stands in a cohort, in line ${line}; a node stands in one`);
    } else {
      this.#lineOfNode.set(id, this.#report.lineOf(span));
    }
    return [entry?.index ?? { name: id, span }];
  }
}
