// A list of which a part is in sight.

import type { ReactNode } from 'react';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { boundedScroll } from '../view.js';
import { Lines } from './lines.js';

export interface ScrolledListProps<Item> {
  readonly title: string;
  readonly items: readonly Item[];
  readonly describe: (item: Item) => Line;
  /** First item in sight. */
  readonly scroll: number;
  readonly columns: number;
  /** Lines with the title, and with the last line that says how much is out of sight. */
  readonly rows: number;
}

export function ScrolledList<Item>(props: ScrolledListProps<Item>): ReactNode {
  const { title, items, describe, columns, rows } = props;
  if (rows < 2) {
    return null;
  }
  const shown = shownItems(items.length, rows);
  const first = boundedScroll(props.scroll, items.length, shown);
  const lines: Line[] = [[piece('faint', title)], ...items.slice(first, first + shown).map(describe)];
  if (shown < items.length) {
    lines.push([piece('faint', ` ${first + 1} to ${first + shown} of ${items.length}`)]);
  }
  return <Lines columns={columns} lines={lines} />;
}

/** How many of a list's items are in sight at once. */
export function shownItems(length: number, rows: number): number {
  return Math.max(0, length <= rows - 1 ? length : rows - 2);
}
