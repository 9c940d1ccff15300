// What is recorded, and where.

import type { ReactNode } from 'react';
import type { PanelProps } from '../screen-model.js';
import { formatTime } from '../text/format.js';
import { labelCells, labelled } from '../text/labelled.js';
import { piece } from '../text/line.js';
import { plainText, shortenMiddle } from '../text/plain-text.js';
import { Lines } from './lines.js';

export function RecordingLine({ model, columns }: PanelProps): ReactNode {
  const { recording } = model.steady;
  if (recording === undefined) {
    return null;
  }
  const time = formatTime(recording.seconds);
  const path = shortenMiddle(plainText(recording.path), columns - labelCells - time.length - 2);
  const lines = [labelled('recording', piece('bad', '● '), time, ' ', path)];
  if (recording.error !== undefined) {
    lines[0] = labelled('recording', piece('bad', `ended at ${time}: ${plainText(recording.error)}`));
  }
  return <Lines columns={columns} lines={lines} />;
}
