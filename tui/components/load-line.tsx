// How much of a block's time making it takes.

import type { ReactNode } from 'react';
import type { SessionStatus } from '../../src/session/status.js';
import type { PanelProps } from '../screen-model.js';
import { bar } from '../text/bar.js';
import { formatBytes, formatCount, formatLatency, formatShare } from '../text/format.js';
import { labelCells, labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { joinFitting, piece } from '../text/line.js';
import type { Meaning } from '../text/palette.js';
import { Lines } from './lines.js';

const barCells = 20;

export function LoadLine({ model, columns }: PanelProps): ReactNode {
  const { load, memory, block, sampleRate, workerLoads, ...rest } = model.steady;
  const drawing: Line = columns < 60 ? [] : [piece(judge(load.worst), bar(load.worst, barCells)), ' '];
  const parts: readonly Line[] = [
    [...drawing, `mean ${formatShare(load.mean)}`],
    [piece(judge(load.worst), `worst ${formatShare(load.worst)}`)],
    describeWorkers(rest),
    ...(workerLoads.length === 0 ? [] : [[describeBusy(workerLoads.map(({ busy }) => busy))]]),
    [`block ${block} = ${formatLatency(block / sampleRate)}`],
    describeMemory(memory),
  ];
  return <Lines columns={columns} lines={[labelled('load', ...joinFitting(parts, ', ', columns - labelCells))]} />;
}

function describeMemory({ committed, growths, failedGrowths }: SessionStatus['memory']): Line {
  const grown = growths === 0 ? '' : `, grown ${growths === 1 ? 'once' : `${growths} times`}`;
  return failedGrowths === 0
    ? [`memory ${formatBytes(committed)}${grown}`]
    : [`memory ${formatBytes(committed)} `, piece('bad', 'and there is no more')];
}

/** Each of a few workers, the least and the most of many. */
function describeBusy(shares: readonly number[]): string {
  const ends = [Math.min(...shares), Math.max(...shares)];
  return shares.length <= 4
    ? `busy ${shares.map(formatShare).join(' ')}`
    : `busy ${ends.map(formatShare).join(' to ')}`;
}

function judge(share: number): Meaning {
  return share < 0.7 ? 'good' : share < 1 ? 'warning' : 'bad';
}

function describeWorkers({ workers, realTimeWorkers }: Pick<SessionStatus, 'workers' | 'realTimeWorkers'>): Line {
  const count = formatCount(workers, 'worker');
  if (realTimeWorkers >= workers) {
    return [`${count} in real time`];
  }
  const how = realTimeWorkers === 0 ? 'not in real time' : `only ${realTimeWorkers} in real time`;
  return [`${count} `, piece('warning', how)];
}
