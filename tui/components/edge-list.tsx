// The edges of the plan: how many frames wait on each.

import type { ReactNode } from 'react';
import type { EdgeDepth } from '../../src/session/status.js';
import { bar } from '../text/bar.js';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { column, plainText, shortenMiddle } from '../text/plain-text.js';
import { ScrolledList } from './scrolled-list.js';

export interface EdgeListProps {
  readonly edges: readonly EdgeDepth[];
  readonly scroll: number;
  readonly columns: number;
  readonly rows: number;
}

const barCells = 8;
const numberCells = 8;

export function EdgeList({ edges, scroll, columns, rows }: EdgeListProps): ReactNode {
  const isWide = columns >= 56;
  const nameCells = columns - (isWide ? 1 + barCells + 1 + 3 * numberCells : 1 + 2 * numberCells);
  const numbers = isWide ? ['frames', 'of', 'delay'] : ['frames', 'of'];
  const title = column(' EDGE', nameCells) + (isWide ? ' '.repeat(barCells + 2) : ' ') + row(numbers);
  const describe = (edge: EdgeDepth): Line => {
    const name = column(` ${shortenMiddle(plainText(edge.name), nameCells - 1)}`, nameCells);
    const drawing = isWide ? ` ${bar(edge.capacity > 0 ? edge.depth / edge.capacity : 0, barCells)}` : '';
    const all = [edge.depth, edge.capacity, edge.delay];
    return [name, piece('good', drawing), ' ', row(all.slice(0, numbers.length))];
  };
  return <ScrolledList title={title} items={edges} describe={describe} scroll={scroll} columns={columns} rows={rows} />;
}

function row(values: readonly (string | number)[]): string {
  return values.map((value) => column(String(value), numberCells, 'right')).join('');
}
