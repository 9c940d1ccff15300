// The nodes of the plan: how much of a block's time each took.

import type { ReactNode } from 'react';
import type { NodeShare } from '../../src/session/status.js';
import { bar } from '../text/bar.js';
import { formatShareFinely } from '../text/format.js';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { column, plainText, shortenMiddle } from '../text/plain-text.js';
import { ScrolledList } from './scrolled-list.js';

export interface NodeListProps {
  readonly nodes: readonly NodeShare[];
  readonly scroll: number;
  readonly columns: number;
  readonly rows: number;
}

const barCells = 8;
const shareCells = 8;
const typeCells = 12;

export function NodeList({ nodes, scroll, columns, rows }: NodeListProps): ReactNode {
  const isWide = columns >= 50;
  const nameCells = columns - shareCells - (isWide ? typeCells + barCells + 2 : 0);
  const title =
    column(' NODE', nameCells) +
    (isWide ? ` ${column('TYPE', typeCells)}${' '.repeat(barCells + 1)}` : '') +
    column('of block', shareCells, 'right');
  const describe = (node: NodeShare): Line => {
    const name = column(` ${shortenMiddle(plainText(node.id), nameCells - 1)}`, nameCells);
    const middle: Line = isWide
      ? [piece('faint', ` ${column(plainText(node.type), typeCells)} `), piece('good', bar(node.share, barCells))]
      : [];
    return [name, ...middle, column(formatShareFinely(node.share), shareCells, 'right')];
  };
  return <ScrolledList title={title} items={nodes} describe={describe} scroll={scroll} columns={columns} rows={rows} />;
}
