// The edges of the plan, the fullest first: how many frames wait on each, how old they are, how long they take.

import type { ReactNode } from 'react';
import { fullestEdges } from '../../src/session/rankings.js';
import type { EdgeReport } from '../../src/session/status.js';
import { bar } from '../text/bar.js';
import { formatDuration } from '../text/format.js';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { column, plainText, shortenMiddle } from '../text/plain-text.js';
import { ScrolledList } from './scrolled-list.js';

export interface EdgeListProps {
  readonly edges: readonly EdgeReport[];
  readonly scroll: number;
  readonly columns: number;
  readonly rows: number;
}

const barCells = 8;
const numberCells = 9;

interface Column {
  readonly title: string;
  readonly tell: (edge: EdgeReport) => string;
}

/** The most important first. */
const wholeRow: readonly Column[] = [
  { title: 'frames', tell: ({ depth }) => String(depth) },
  { title: 'of', tell: ({ capacity }) => String(capacity) },
  { title: 'age', tell: ({ depth, oldestAge }) => (depth > 0 ? formatDuration(oldestAge) : '-') },
  { title: 'peak', tell: ({ peak }) => String(peak) },
  { title: 'takes', tell: ({ meanTraversal }) => formatDuration(meanTraversal) },
  { title: 'at most', tell: ({ maxTraversal }) => formatDuration(maxTraversal) },
];

export function EdgeList({ edges, scroll, columns, rows }: EdgeListProps): ReactNode {
  const shown = wholeRow.slice(0, columns < 56 ? 2 : columns < 76 ? 3 : columns < 100 ? 4 : 6);
  const hasBar = columns >= 56;
  const nameCells = columns - (hasBar ? 1 + barCells : 0) - shown.length * numberCells;
  const title =
    column(' EDGE', nameCells) + (hasBar ? ' '.repeat(barCells + 1) : '') + row(shown.map((each) => each.title));
  const describe = (edge: EdgeReport): Line => {
    const name = column(` ${shortenMiddle(plainText(edge.name), nameCells - 1)}`, nameCells);
    const drawing = hasBar ? ` ${bar(edge.capacity > 0 ? edge.depth / edge.capacity : 0, barCells)}` : '';
    return [name, piece('good', drawing), row(shown.map(({ tell }) => tell(edge)))];
  };
  const items = fullestEdges(edges);
  return <ScrolledList title={title} items={items} describe={describe} scroll={scroll} columns={columns} rows={rows} />;
}

function row(values: readonly string[]): string {
  return values.map((value) => column(value, numberCells, 'right')).join('');
}
