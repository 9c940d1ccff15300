// The numbers of a patch that a fit may move, by the names that controls have for them: `low.cutoff`, `wet.gain`.

import { describeFound } from '../patch/describe.js';
import type { ParameterDeclaration } from '../patch/node-types.js';
import type { Literal, Patch, PatchEdge, PatchNode } from '../patch/patch.js';
import { splitReference } from '../patch/references.js';
import { didYouMean, listWords } from '../patch/suggestion.js';
import type { Timing } from '../patch/units.js';
import { approximateValue } from '../patch/units.js';
import { largestAmount } from '../patch/value.js';
import type { PlacedValue } from '../patch/write-values.js';
import { literalOf } from '../patch/write-values.js';
import type { Plan, PlanValue } from '../plan/plan.js';
import type { Movable } from './coordinate.js';

/** Where a number stands in the plan. */
export type PlanPlace =
  | { readonly type: 'parameter'; readonly node: number; readonly parameter: number; readonly lane: number }
  | { readonly type: 'edge'; readonly edge: number };

/** One number that is moved. */
export interface FitParameter {
  /** `low.cutoff`, or `low.cutoff[1]` where each lane has a value of its own. */
  readonly name: string;
  readonly movable: Movable;
  readonly plan: PlanPlace;
  /** Where it stands in the patch. */
  readonly path: readonly (string | number)[];
  /** As the patch has it, or would have it. */
  readonly literal: Literal;
}

export type ParameterFinding =
  | { readonly ok: true; readonly parameters: readonly FitParameter[] }
  /** A sentence for each name that fits nothing. */
  | { readonly ok: false; readonly messages: readonly string[] };

/** Finds all numbers of the names; a parameter with a value for each lane gives as many. */
export function findParameters(patch: Patch, plan: Plan, names: readonly string[]): ParameterFinding {
  const timing: Timing = { rate: plan.stream.sampleRate, tempo: patch.tempo, meter: patch.meter };
  const parameters: FitParameter[] = [];
  const messages: string[] = [];
  names.forEach((name, place) => {
    const found = names.indexOf(name) < place ? `"${name}" is named twice` : findByName({ patch, plan, timing }, name);
    if (typeof found === 'string') {
      messages.push(found);
    } else {
      parameters.push(...found);
    }
  });
  return messages.length === 0 ? { ok: true, parameters } : { ok: false, messages };
}

interface Scope {
  readonly patch: Patch;
  readonly plan: Plan;
  readonly timing: Timing;
}

/** The numbers, or why there are none. */
function findByName(scope: Scope, name: string): readonly FitParameter[] | string {
  const { nodes, edges } = scope.patch;
  const [id, member] = splitReference(name);
  const edge = edges.findIndex((each) => each.id === id);
  if (edge >= 0) {
    return findInEdge(scope, edge, name, member);
  }
  const node = nodes.findIndex((each) => each.id === id);
  const found = nodes[node];
  if (found === undefined) {
    const ids = [...nodes.map((each) => each.id), ...edges.flatMap((each) => each.id ?? [])];
    const fitting = `; a parameter such as ${listWords(exampleNames(nodes), 'or')} fits`;
    return `there is no node and no edge id ${describeFound(id)}${didYouMean(id, ids) || fitting}`;
  }
  return findInNode(scope, node, found, name, member);
}

function findInNode(
  { plan, timing }: Scope,
  node: number,
  { id, type, parameters }: PatchNode,
  name: string,
  member: string | undefined,
): readonly FitParameter[] | string {
  const parameter = type.parameters.findIndex((each) => each.name === member);
  const declared = type.parameters[parameter];
  const planned = plan.nodes[node]?.parameters[parameter];
  if (declared === undefined || planned === undefined) {
    return explainMember(id, type, member);
  }
  if (type.differentiable !== true) {
    return `"${name}": nodes of type ${type.name} have no gradient. ${type.differentiable}`;
  }
  const written = parameters.get(declared.name);
  return planned.base.map((base, lane): FitParameter => {
    const isList = written !== undefined && written.values.length > 1;
    return {
      name: isList ? `${name}[${lane}]` : name,
      movable: { ...rangeOf(declared), value: approximateValue(literalIn(base), declared.unit, timing) },
      plan: { type: 'parameter', node, parameter, lane },
      path: ['nodes', id, declared.name, ...(isList ? [lane] : [])],
      literal: literalIn(base),
    };
  });
}

function findInEdge(
  { patch, plan, timing }: Scope,
  index: number,
  name: string,
  member: string | undefined,
): readonly FitParameter[] | string {
  const edge = patch.edges[index];
  const amount = edge?.toKind === 'input' ? 'gain' : 'depth';
  const gain = plan.edges[index]?.gain;
  if (edge === undefined || gain === undefined || member !== amount) {
    return `"${name}": the edge ${describeFound(edge?.id)} has one number to move; "${edge?.id}.${amount}" fits`;
  }
  const unit = edgeUnit(patch, edge);
  const value = approximateValue(literalIn(gain), unit, timing);
  const movable: Movable = { value, minimum: -largestAmount, maximum: largestAmount, unit, curve: 'linear' };
  const literal = literalIn(gain);
  return [{ name, movable, plan: { type: 'edge', edge: index }, path: ['edges', index, amount], literal }];
}

/** A depth that is added is in the parameter's unit, everything else is a factor. */
function edgeUnit({ nodes }: Patch, { toKind, toNode, toIndex, mode, in: measure }: PatchEdge): Movable['unit'] {
  const parameter = nodes[toNode]?.type.parameters[toIndex];
  const isAdded = toKind === 'parameter' && mode === 'add' && measure === 'linear';
  return isAdded && parameter !== undefined ? parameter.unit : 'ratio';
}

function explainMember(id: string, type: PatchNode['type'], member: string | undefined): string {
  const names = type.parameters.map((each) => each.name);
  const has = names.length === 0 ? `${id} (${type.name}) has no parameters` : `its parameters are ${listWords(names)}`;
  if (member === undefined) {
    return names.length === 0 ? has : `"${id}" is a node; ${has}`;
  }
  if (type.options.some((option) => option.name === member)) {
    return `"${member}" is an option of ${id} (${type.name}), which no gradient moves; ${has}`;
  }
  const near = didYouMean(member, names);
  return `${id} (${type.name}) has no parameter ${describeFound(member)}${near || `; ${has}`}`;
}

/** The first parameter of each of the first nodes that have one with a gradient. */
function exampleNames(nodes: readonly PatchNode[]): readonly string[] {
  return nodes
    .filter(({ type }) => type.differentiable === true && type.parameters.length > 0)
    .slice(0, 3)
    .map(({ id, type }) => `"${id}.${type.parameters[0]?.name}"`);
}

function rangeOf({ minimum, maximum, unit, curve }: ParameterDeclaration): Omit<Movable, 'value'> {
  return { minimum, maximum, unit, curve };
}

/** Units of a plan are those of a patch. */
function literalIn({ number, unit }: PlanValue): Literal {
  return { number, unit };
}

/** The value as the patch writes it: in the unit of the parameter's literal where it has such a value. */
export function literalFor({ literal, movable }: FitParameter, value: number, timing: Timing): Literal {
  const plain: Literal = { number: value, unit: 'plain' };
  return (
    literalOf(value, movable.unit, literal.unit, timing) ?? literalOf(value, movable.unit, 'plain', timing) ?? plain
  );
}

/** The plan with other numbers in the places of the parameters, in their units. */
export function planWith(plan: Plan, parameters: readonly FitParameter[], values: readonly number[]): Plan {
  const nodes = [...plan.nodes];
  const edges = [...plan.edges];
  parameters.forEach(({ plan: place }, index) => {
    const value: PlanValue = { number: values[index] ?? 0, unit: 'plain' };
    if (place.type === 'edge') {
      const edge = edges[place.edge];
      if (edge !== undefined) {
        edges[place.edge] = { ...edge, gain: value };
      }
      return;
    }
    const node = nodes[place.node];
    if (node !== undefined) {
      nodes[place.node] = {
        ...node,
        parameters: node.parameters.map((each, parameter) =>
          parameter === place.parameter
            ? { ...each, base: each.base.map((base, lane) => (lane === place.lane ? value : base)) }
            : each,
        ),
      };
    }
  });
  return { ...plan, nodes, edges };
}

/** Derivatives by all numbers of a plan: of each lane of each parameter of each node, and of each edge. */
export interface PlanDerivatives {
  readonly parameters: Float64Array;
  readonly edgeGains: Float64Array;
}

/** The derivatives by the parameters. A value that all lanes share has a part in each. */
export function derivativesBy(
  plan: Plan,
  parameters: readonly FitParameter[],
  { parameters: byParameters, edgeGains }: PlanDerivatives,
): readonly number[] {
  return parameters.map(({ plan: place }) => {
    if (place.type === 'edge') {
      return edgeGains[place.edge] ?? 0;
    }
    const node = plan.nodes[place.node];
    const first =
      plan.nodes.slice(0, place.node).reduce((sum, { batch, parameters: all }) => sum + batch * all.length, 0) +
      place.parameter * (node?.batch ?? 0);
    const isShared = node?.parameters[place.parameter]?.base.length === 1;
    return isShared
      ? byParameters.subarray(first, first + node.batch).reduce((sum, each) => sum + each, 0)
      : (byParameters[first + place.lane] ?? 0);
  });
}

/** Where the values go in the patch. */
export function placedValues(
  parameters: readonly FitParameter[],
  literals: readonly Literal[],
): readonly PlacedValue[] {
  return parameters.flatMap(({ path }, index) => {
    const literal = literals[index];
    return literal === undefined ? [] : [{ path, literal }];
  });
}
