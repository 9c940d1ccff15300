// Lines that begin with what they are about.

import type { Line } from './line.js';
import { piece } from './line.js';

/** Cells of a label with the space around it. */
export const labelCells = 11;

export function labelled(label: string, ...line: Line): Line {
  return [piece('faint', ` ${label.padEnd(labelCells - 1)}`), ...line];
}

/** A further line below a labelled one. */
export function below(...line: Line): Line {
  return [' '.repeat(labelCells), ...line];
}
