// Xruns by cause, the newest of them, and events that did not come in time.

import type { ReactNode } from 'react';
import type { SessionStatus } from '../../src/session/status.js';
import type { PanelProps } from '../screen-model.js';
import { formatCount, formatTime } from '../text/format.js';
import { below, labelCells, labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { joinFitting, piece } from '../text/line.js';
import { plainText } from '../text/plain-text.js';
import { Lines } from './lines.js';

export function XrunLines({ model, columns, rows }: PanelProps): ReactNode {
  const { xruns } = model.steady;
  const recent = xruns.recent
    .slice(-Math.max(0, rows - 1))
    .reverse()
    .map(({ seconds, text }) => below(piece('faint', `${formatTime(seconds)} `), plainText(text)));
  const summary = labelled('xruns', ...joinFitting(summarize(model.steady), ', ', columns - labelCells));
  return <Lines columns={columns} lines={[summary, ...(rows > 1 ? recent : [])]} />;
}

function summarize({ xruns, lateEvents, lostEvents, shedVoices, slowMoves }: SessionStatus): readonly Line[] {
  const causes: readonly (readonly [count: number, name: string])[] = [
    [xruns.nodeLate, 'node late'],
    [xruns.threadNotRun, 'thread not run'],
    [xruns.deviceNotRun, 'device not run'],
    [xruns.anchors, 'clock set anew'],
    [xruns.growths, 'wheel too short'],
  ];
  const parts: Line[] = [xruns.total === 0 ? [piece('good', 'none')] : [piece('bad', String(xruns.total))]];
  for (const [count, name] of causes) {
    if (count > 0) {
      parts.push([`${name} ${count}`]);
    }
  }
  if (lostEvents > 0) {
    parts.push([piece('bad', `${formatCount(lostEvents, 'event')} lost`)]);
  }
  if (lateEvents > 0) {
    parts.push([piece('warning', `${formatCount(lateEvents, 'event')} late`)]);
  }
  if (shedVoices > 0) {
    parts.push([piece('warning', `${formatCount(shedVoices, 'voice')} shed`)]);
  }
  const [slow] = slowMoves;
  if (slow !== undefined) {
    const moves = slowMoves.reduce((sum, each) => sum + each.moves, 0);
    const where = slowMoves.length === 1 ? slow.target : `${slow.target} and others`;
    parts.push([piece('warning', `${formatCount(moves, 'move')} of ${plainText(where)} too slow`)]);
  }
  return parts;
}
