// The gates of the plan: state, what they are about to do and when, and what they hold.

import type { ReactNode } from 'react';
import type { GateReport } from '../../src/session/status.js';
import { formatChange, formatHeld, statePiece } from '../text/gate.js';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { column, plainText, shortenMiddle } from '../text/plain-text.js';
import { ScrolledList } from './scrolled-list.js';

export interface GateListProps {
  readonly gates: readonly GateReport[];
  readonly scroll: number;
  readonly columns: number;
  readonly rows: number;
}

const stateCells = 9;
const modeCells = 8;
const heldCells = 10;
const changeCells = 20;

export function GateList({ gates, scroll, columns, rows }: GateListProps): ReactNode {
  const isWide = columns >= 60;
  const nameCells = columns - stateCells - changeCells - heldCells - (isWide ? modeCells : 0);
  const title =
    column(' GATE', nameCells) +
    column('STATE', stateCells) +
    (isWide ? column('CLOSED', modeCells) : '') +
    column('NEXT', changeCells) +
    column('held', heldCells, 'right');
  const describe = (gate: GateReport): Line => [
    column(` ${shortenMiddle(plainText(gate.id), nameCells - 2)}`, nameCells),
    statePiece(gate, stateCells),
    ...(isWide ? [piece('faint', column(gate.whileClosed, modeCells))] : []),
    column(formatChange(gate) ?? '', changeCells),
    column(formatHeld(gate) ?? '', heldCells, 'right'),
  ];
  const head = gates.length === 0 ? ' the patch has no gates' : title;
  return <ScrolledList title={head} items={gates} describe={describe} scroll={scroll} columns={columns} rows={rows} />;
}
