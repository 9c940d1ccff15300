// What there is to say of a gate, in a few words.

import type { GateReport } from '../../src/session/status.js';
import type { Piece } from './line.js';
import { piece } from './line.js';
import { column } from './plain-text.js';

/** Its state, filled up to so many cells. */
export function statePiece({ state }: GateReport, cells = 0): Piece {
  const word = column(state, Math.max(cells, state.length));
  return piece(state === 'open' ? 'good' : state === 'closed' ? 'name' : 'warning', word);
}

/** What it will do, and when: `opens in 2.3 beats`, `closes in 1.2 s`. */
export function formatChange({ change }: GateReport): string | undefined {
  if (change === undefined) {
    return undefined;
  }
  const left = change.beats === undefined ? `${change.seconds.toFixed(1)} s` : `${change.beats.toFixed(1)} beats`;
  return `${change.opens ? 'opens' : 'closes'} in ${left}`;
}

/** How much it holds: `1.25 s`; nothing if that is nothing. */
export function formatHeld({ heldSeconds }: GateReport): string | undefined {
  return heldSeconds > 0 ? `${heldSeconds.toFixed(2)} s` : undefined;
}

/** Whether it fades, or waits for its grid. */
export function isMoving({ state, change }: GateReport): boolean {
  return change !== undefined || state === 'opening' || state === 'closing';
}
