// The patch, how warm it is, and how long it has played.

import type { ReactNode } from 'react';
import type { PanelProps } from '../screen-model.js';
import { formatCount, formatTime } from '../text/format.js';
import { formatHeat, heatMeanings } from '../text/heat.js';
import type { Line } from '../text/line.js';
import { joinFitting, lineWidth, piece, spread } from '../text/line.js';
import { plainText, shortenMiddle } from '../text/plain-text.js';
import { Lines } from './lines.js';

export function Header({ model, columns }: PanelProps): ReactNode {
  const { patch, seconds, thermal } = model.status;
  const time: Line = [piece('strong', formatTime(seconds)), ' '];
  const room = columns - lineWidth(time) - 2;
  const parts: readonly Line[] = [
    [' ', piece('name', shortenMiddle(plainText(patch.name || patch.path), room))],
    [`${Number(patch.tempo.toFixed(2))} bpm`],
    [`${formatCount(patch.nodes, 'node')}, ${formatCount(patch.edges, 'edge')}`],
    [piece(heatMeanings[thermal.state], formatHeat(thermal))],
    [piece('faint', plainText(patch.path))],
  ];
  return <Lines columns={columns} lines={[spread(joinFitting(parts, '   ', room), time, columns)]} />;
}
