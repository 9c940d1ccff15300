// From a gesture to the sound.

import type { ReactNode } from 'react';
import type { PanelProps } from '../screen-model.js';
import { formatLatency } from '../text/format.js';
import { labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { Lines } from './lines.js';

export function LatencyLine({ model, columns }: PanelProps): ReactNode {
  const { device, engine, patch, total } = model.steady.latency;
  const [deviceText, engineText, patchText] = [formatLatency(device), formatLatency(engine), formatLatency(patch)];
  const sum: Line =
    columns < 70
      ? [`${bare(deviceText)} + ${bare(engineText)} + ${bare(patchText)} = `]
      : [`device ${deviceText} + engine ${engineText} + patch ${patchText} = `];
  return <Lines columns={columns} lines={[labelled('latency', ...sum, piece('strong', formatLatency(total)))]} />;
}

function bare(milliseconds: string): string {
  return milliseconds.replace(/ ms$/, '');
}
