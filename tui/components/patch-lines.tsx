// What became of the last change of the patch: when it took over, or why it was refused.

import { basename } from 'node:path';
import type { ReactNode } from 'react';
import type { HandOverStatus, RefusalStatus, SessionStatus } from '../../src/session/status.js';
import type { PanelProps } from '../screen-model.js';
import { formatTime } from '../text/format.js';
import { below, labelCells, labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { breakText, plainText } from '../text/plain-text.js';
import { Lines } from './lines.js';

export function PatchLines({ model, columns, rows }: PanelProps): ReactNode {
  const { refusal, handOver } = model.steady;
  const lines = refusal === undefined ? takenLines(handOver) : refusedLines(refusal, columns);
  return <Lines columns={columns} lines={lines.slice(0, rows)} />;
}

/** Lines that it would fill: the least that says something, and all. */
export function patchLineCount({ refusal, handOver }: SessionStatus): {
  readonly least: number;
  readonly most: number;
} {
  if (refusal === undefined) {
    return { least: 0, most: Number(handOver !== undefined) };
  }
  return { least: 2, most: Math.min(1 + 2 * refusal.reasons.length, 8) };
}

function takenLines(handOver: HandOverStatus | undefined): readonly Line[] {
  if (handOver === undefined) {
    return [];
  }
  const { kind, frame, seconds } = handOver;
  const what = kind === 'reload' ? 'taken as it was saved' : 'came in the place of another';
  return [labelled('patch', piece('good', what), ` at ${formatTime(seconds)}, frame ${frame}`)];
}

function refusedLines({ path, reasons }: RefusalStatus, columns: number): readonly Line[] {
  const name = basename(path);
  const head = labelled('patch', piece('bad', `${plainText(name)} is refused`), ', what played goes on');
  // The name is said already, and the rest of a path would take the room of what is wrong.
  const texts = reasons.map((reason) =>
    reason.startsWith(`${path}:`) ? `line ${reason.slice(path.length + 1)}` : reason,
  );
  const broken = texts.flatMap((text) => breakText(plainText(text), columns - labelCells));
  return [head, ...broken.map((text) => below(piece('warning', text)))];
}
