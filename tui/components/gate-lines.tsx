// The gates at a glance: all of them where there is room, else how many are open, and those where something happens.

import type { ReactNode } from 'react';
import type { GateReport } from '../../src/session/status.js';
import type { PanelProps } from '../screen-model.js';
import { formatCount } from '../text/format.js';
import { formatChange, formatHeld, isMoving, statePiece } from '../text/gate.js';
import { below, labelCells, labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { joinFitting, piece } from '../text/line.js';
import { plainText } from '../text/plain-text.js';
import { Lines } from './lines.js';

export function GateLines({ model, columns, rows }: PanelProps): ReactNode {
  const { gates } = model.steady;
  const fit = columns - labelCells;
  const lines =
    gates.length <= rows
      ? gates.map((gate) => joinFitting(describe(gate), ', ', fit))
      : [
          joinFitting(summarize(gates), ', ', fit),
          ...busiest(gates, rows - 1).map((gate) => joinFitting(describe(gate), ', ', fit)),
        ];
  const labels = lines.map((line, index) => (index === 0 ? labelled('gates', ...line) : below(...line)));
  return <Lines columns={columns} lines={labels} />;
}

function describe(gate: GateReport): readonly Line[] {
  const change = formatChange(gate);
  const held = formatHeld(gate);
  return [
    [`${plainText(gate.id)} `, statePiece(gate)],
    ...(change === undefined ? [] : [[piece('warning', change)]]),
    ...(held === undefined ? [] : [[`${held} held`]]),
  ];
}

function summarize(gates: readonly GateReport[]): readonly Line[] {
  const open = gates.filter(({ state }) => state === 'open' || state === 'opening').length;
  const moving = gates.filter(isMoving).length;
  const held = Math.max(...gates.map(({ heldSeconds }) => heldSeconds));
  return [
    [formatCount(gates.length, 'gate')],
    [piece('good', `${open} open`)],
    [`${gates.length - open} closed`],
    ...(moving === 0 ? [] : [[piece('warning', `${moving} about to move`)]]),
    ...(held === 0 ? [] : [[`up to ${held.toFixed(1)} s held`]]),
  ];
}

/** Those that move or wait first, then those that hold most, each in the patch's order. */
function busiest(gates: readonly GateReport[], most: number): readonly GateReport[] {
  return [...gates]
    .sort((a, b) => Number(isMoving(b)) - Number(isMoving(a)) || b.heldSeconds - a.heldSeconds)
    .slice(0, Math.max(0, most));
}
