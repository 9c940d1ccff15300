// What the performer should know, the newest first.

import type { ReactNode } from 'react';
import type { PanelProps } from '../screen-model.js';
import { formatTime } from '../text/format.js';
import { below, labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { plainText } from '../text/plain-text.js';
import { Lines } from './lines.js';

export function NoticeLines({ model, columns, rows }: PanelProps): ReactNode {
  const newest = rows > 0 ? model.steady.notices.slice(-rows).reverse() : [];
  const lines = newest.map(({ seconds, text }, index) => {
    const line: Line = [piece('faint', `${formatTime(seconds)} `), plainText(text)];
    return index === 0 ? labelled('notices', ...line) : below(...line);
  });
  return <Lines columns={columns} lines={lines} />;
}
