// From the travel of a control to the value that it gives: range, curve and speed.

import type { ControlTarget, PatchControl, Slew } from '../patch/patch.js';
import type { PatchContent } from '../patch/patch-content.js';
import type { Timing, ValueUnit } from '../patch/units.js';
import { approximateValue } from '../patch/units.js';
import type { ControlEvent, MovementLimits } from './control-event.js';

/** A control crosses its whole range in no less, unless the patch says otherwise: a step of a controller does not click. */
const crossingSeconds = 0.02;

/** A control of a patch, ready to move its target. */
export interface Movement {
  /** The event that brings the target to where the control stands, 0 to 1 of its travel. */
  readonly eventAt: (position: number) => ControlEvent;
}

export function movementOf(patch: PatchContent, control: PatchControl, timing: Timing): Movement {
  const { to, range, curve, align } = control;
  const unit = unitOf(patch, to);
  const start = approximateValue(range[0], unit, timing);
  const end = approximateValue(range[1], unit, timing);
  const manner = {
    ...limitsOf(patch, control, Math.abs(end - start)),
    ...(align ? {} : { actsAtOnce: true as const }),
  };
  const valueAt = curve === 'exponential' ? exponential(start, end) : linear(start, end);
  return {
    eventAt: (position) => {
      const value = valueAt(Math.min(1, Math.max(0, position)));
      return to.type === 'parameter'
        ? { type: 'set_parameter', node: to.node, parameter: to.parameter, value, ...manner }
        : { type: 'set_edge_gain', edge: to.edge, value, ...manner };
    },
  };
}

function linear(start: number, end: number): (position: number) => number {
  return (position) => (position === 1 ? end : start + (end - start) * position);
}

/** Equal steps of travel are equal ratios. Both ends lie above 0. */
function exponential(start: number, end: number): (position: number) => number {
  return (position) => (position === 1 ? end : start * (end / start) ** position);
}

/** What the target is measured in; the depth of an edge that adds to a parameter is in the parameter's unit. */
function unitOf(patch: PatchContent, target: ControlTarget): ValueUnit {
  if (target.type === 'parameter') {
    return patch.nodes[target.node]?.type.parameters[target.parameter]?.unit ?? 'none';
  }
  const edge = patch.edges[target.edge];
  const isAdded = edge?.toKind === 'parameter' && edge.mode === 'add';
  return (isAdded ? patch.nodes[edge.toNode]?.type.parameters[edge.toIndex]?.unit : undefined) ?? 'ratio';
}

/** An event without limits of its own moves as the parameter's slew in the plan says, else at once. */
function limitsOf(patch: PatchContent, { to, slew }: PatchControl, span: number): MovementLimits {
  if (slew?.type === 'ideal') {
    return {};
  }
  const own = writtenLimits(slew);
  if (own !== undefined) {
    return own;
  }
  const ofParameter = to.type === 'parameter' ? slewOfParameter(patch, to.node, to.parameter) : undefined;
  const isWritten = ofParameter?.type === 'ideal' || writtenLimits(ofParameter) !== undefined;
  return isWritten || span === 0 ? {} : { rate: span / crossingSeconds };
}

function slewOfParameter(patch: PatchContent, node: number, parameter: number): Slew | undefined {
  const found = patch.nodes[node];
  return found?.slew.get(found.type.parameters[parameter]?.name ?? '');
}

/** Nothing where none is written. */
function writtenLimits(slew: Slew | undefined): MovementLimits | undefined {
  if (slew?.type !== 'limited') {
    return undefined;
  }
  const { rate, acceleration, area } = slew;
  const limits = {
    ...(rate === undefined ? {} : { rate }),
    ...(acceleration === undefined ? {} : { acceleration }),
    ...(area === undefined ? {} : { area }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}
