// The journal, and how much is in it.

import type { ReactNode } from 'react';
import type { PanelProps } from '../screen-model.js';
import { formatCount } from '../text/format.js';
import { labelCells, labelled } from '../text/labelled.js';
import { piece } from '../text/line.js';
import { plainText, shortenMiddle } from '../text/plain-text.js';
import { Lines } from './lines.js';

export function JournalLine({ model, columns }: PanelProps): ReactNode {
  const { journal } = model.steady;
  if (journal === undefined) {
    return null;
  }
  const events = formatCount(journal.events, 'event');
  const line =
    journal.error === undefined
      ? labelled(
          'journal',
          `${events} `,
          shortenMiddle(plainText(journal.path), columns - labelCells - events.length - 1),
        )
      : labelled('journal', piece('bad', `ended after ${events}: ${plainText(journal.error)}`));
  return <Lines columns={columns} lines={[line]} />;
}
