// Reads the controls of a patch: what moves parameters and edges from outside.
import type { Node } from 'jsonc-parser';
import { describeFound } from './describe.js';
import type { NodeTable } from './node-table.js';
import type { ControlCurve, ControlTarget, Literal, PatchControl } from './patch.js';
import type { EdgeEntry } from './read-edge.js';
import { readSlew } from './read-slew.js';
import type { Place } from './references.js';
import { resolveTarget, splitReference } from './references.js';
import type { Report } from './report.js';
import { controlSchema } from './schema.js';
import { didYouMean } from './suggestion.js';
import { isObject, keyOf, ObjectReader, readElements } from './tree.js';
import type { Timing } from './units.js';
import { approximateValue } from './units.js';
import type { ValueRange } from './value.js';
import { explainRange, explainUnit, largestAmount } from './value.js';

/** What a control moves, the values it may give, and how they are spread when the control does not say. */
interface Movable {
  readonly target: ControlTarget;
  readonly range: ValueRange;
  readonly wholeRange: readonly [Literal, Literal];
  readonly curve: ControlCurve;
}

/** What the targets of controls are found in. */
export interface ControlTargets {
  readonly nodes: NodeTable;
  readonly edges: readonly EdgeEntry[];
  readonly timing: Timing;
}

/** Reads all controls in the order of the file. Mistakes are reported, and controls whose ends are not known are left out. */
export function readControls(report: Report, controls: Node, targets: ControlTargets): readonly PatchControl[] {
  const example = '{ "from": "midi:cc/74", "to": "low.cutoff" }';
  return readElements(report, controls, '"controls"').flatMap((node, index) => {
    const subject = `control ${index + 1}`;
    const control = isObject(report, node, subject, example) ? readControl(report, node, subject, targets) : undefined;
    return control === undefined ? [] : [control];
  });
}

function readControl(report: Report, node: Node, subject: string, targets: ControlTargets): PatchControl | undefined {
  const object = new ObjectReader(report, controlSchema, node, subject, 'a control');
  const from = object.required('from', '"midi:cc/74" or "osc:/pad/cutoff"');
  const to = object.required('to', '"low.cutoff"');
  const range = object.optional('range');
  const curve = object.optional('curve');
  const align = object.optional('align');
  const slewNode = object.value('slew');
  const slew = slewNode === undefined ? undefined : readSlew(report, slewNode, keyOf(subject, 'slew'));
  const place = { report, span: object.span('to'), subject: keyOf(subject, 'to') };
  const movable = to === undefined ? undefined : findMovable(to, targets, place);
  if (movable === undefined) {
    return undefined;
  }
  if (range !== undefined) {
    const rangePlace = { report, span: object.span('range'), subject: keyOf(subject, 'range') };
    checkEnds(range, object.value('range')?.children ?? [], movable.range, targets.timing, rangePlace);
  }
  const ends = range ?? movable.wholeRange;
  if (curve === 'exponential') {
    const place = { report, span: object.span('curve'), subject: keyOf(subject, 'curve') };
    checkExponential(ends, movable.range, targets.timing, place);
  }
  const isCurved = canBeExponential(ends, movable.range, targets.timing);
  return from === undefined
    ? undefined
    : {
        span: node,
        from,
        to: movable.target,
        range: ends,
        curve: curve ?? (isCurved ? movable.curve : 'linear'),
        slew,
        align,
      };
}

function findMovable(text: string, targets: ControlTargets, place: Place): Movable | undefined {
  const [id, member] = splitReference(text);
  const edge = targets.edges.find((entry) => entry.id === id);
  if (edge !== undefined) {
    return findMovableOfEdge(edge, id, member, place);
  }
  const edgeIds = targets.edges.flatMap((entry) => entry.id ?? []);
  if (!targets.nodes.byId.has(id)) {
    const near = didYouMean(id, [...targets.nodes.ids, ...edgeIds]);
    refuse(
      place,
      `there is no node and no edge id ${describeFound(id)}${near || '; a parameter such as "low.cutoff" fits'}`,
    );
    return undefined;
  }
  const target = resolveTarget(targets.nodes, text, place);
  const parameter = target?.kind === 'parameter' ? target.type.parameters[target.index] : undefined;
  if (target !== undefined && parameter === undefined) {
    const names = target.type.parameters.map(({ name }) => `"${id}.${name}"`);
    const fitting =
      names.length === 0 ? `${target.type.name} has no parameters` : `a parameter fits: ${names.join(', ')}`;
    refuse(place, `"${text}" is an input; ${fitting}`);
  }
  return target === undefined || parameter === undefined
    ? undefined
    : {
        target: { type: 'parameter', node: target.entry.index, parameter: target.index },
        range: parameter,
        wholeRange: [plain(parameter.minimum), plain(parameter.maximum)],
        curve: parameter.curve,
      };
}

function findMovableOfEdge(edge: EdgeEntry, id: string, member: string | undefined, place: Place): Movable | undefined {
  if (edge.target === undefined) {
    return undefined;
  }
  const amount = edge.target.kind === 'input' ? 'gain' : 'depth';
  if (member !== amount) {
    const found =
      member === undefined ? `"${id}" is an edge` : `the edge "${id}" has no ${describeFound(member)} to move`;
    refuse(place, `${found}; "${id}.${amount}" fits`);
    return undefined;
  }
  const parameter = edge.target.kind === 'parameter' ? edge.target.type.parameters[edge.target.index] : undefined;
  const isAdded = edge.edge?.mode === 'add';
  const unit = parameter === undefined || !isAdded ? 'ratio' : parameter.unit;
  return {
    target: { type: 'edge', edge: edge.index },
    range: { unit, minimum: -largestAmount, maximum: largestAmount },
    wholeRange: [plain(0), plain(1)],
    curve: 'linear',
  };
}

function plain(number: number): Literal {
  return { number, unit: 'plain' };
}

function checkEnds(
  ends: readonly [Literal, Literal],
  nodes: readonly Node[],
  range: ValueRange,
  timing: Timing,
  place: Place,
): void {
  ends.forEach((literal, index) => {
    const message = explainUnit(literal, range.unit) ?? explainRange(literal, range, timing);
    if (message !== undefined) {
      refuse({ ...place, span: nodes[index] ?? place.span }, message);
    }
  });
}

function checkExponential(ends: readonly [Literal, Literal], range: ValueRange, timing: Timing, place: Place): void {
  const fit = ends.every((literal) => explainUnit(literal, range.unit) === undefined);
  if (fit && !canBeExponential(ends, range, timing)) {
    refuse(place, 'an exponential curve needs a range whose ends both lie above 0; "linear" fits, or such a "range"');
  }
}

/** An exponential curve cannot touch or cross 0. */
function canBeExponential(ends: readonly [Literal, Literal], range: ValueRange, timing: Timing): boolean {
  return ends.every(
    (literal) => explainUnit(literal, range.unit) === undefined && approximateValue(literal, range.unit, timing) > 0,
  );
}

function refuse(place: Place, message: string): void {
  place.report.add(place.span, `${place.subject}: ${message}`);
}
