// The nodes of the plan, the heaviest first: how much of a block's time each takes, how much at worst, and how warm it is;
// which of them stand, since their reader waits and blocks.

import type { ReactNode } from 'react';
import { heaviestNodes } from '../../src/session/rankings.js';
import type { NodeReport } from '../../src/session/status.js';
import { bar } from '../text/bar.js';
import { formatDuration, formatShareFinely } from '../text/format.js';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { column, plainText, shortenMiddle } from '../text/plain-text.js';
import { ScrolledList } from './scrolled-list.js';

export interface NodeListProps {
  readonly nodes: readonly NodeReport[];
  readonly scroll: number;
  readonly columns: number;
  readonly rows: number;
}

const barCells = 8;
const numberCells = 9;
const typeCells = 12;

interface Column {
  readonly title: string;
  readonly tell: (node: NodeReport) => string;
}

/** The most important first. */
const wholeRow: readonly Column[] = [
  { title: 'of block', tell: ({ share, stands }) => (stands ? 'stands' : formatShareFinely(share)) },
  { title: 'mean', tell: ({ mean }) => formatDuration(mean) },
  { title: 'heat', tell: ({ temperature, state }) => `${Math.round(temperature)} ${state}` },
  { title: 'p99', tell: ({ p99 }) => formatDuration(p99) },
  { title: 'max', tell: ({ max }) => formatDuration(max) },
  { title: 'late', tell: ({ late }) => String(late) },
  { title: 'stood', tell: ({ stood }) => String(stood) },
];

export function NodeList({ nodes, scroll, columns, rows }: NodeListProps): ReactNode {
  const shown = wholeRow.slice(0, columns < 40 ? 1 : columns < 60 ? 3 : columns < 104 ? 6 : 7);
  const hasType = columns >= 83;
  const hasBar = columns >= 93;
  const nameCells = columns - (hasType ? 1 + typeCells : 0) - (hasBar ? 1 + barCells : 0) - shown.length * numberCells;
  const standing = nodes.filter(({ stands }) => stands).length;
  const title =
    column(standing === 0 ? ' NODE' : ` NODE, ${standing} ${standing === 1 ? 'stands' : 'stand'}`, nameCells) +
    (hasType ? ` ${column('TYPE', typeCells)}` : '') +
    (hasBar ? ' '.repeat(barCells + 1) : '') +
    row(shown.map((each) => each.title));
  const describe = (node: NodeReport): Line => {
    const name = column(` ${shortenMiddle(plainText(node.id), nameCells - 1)}`, nameCells);
    const type: Line = hasType ? [piece('faint', ` ${column(plainText(node.type), typeCells)}`)] : [];
    const drawing: Line = hasBar ? [' ', piece('good', bar(node.share, barCells))] : [];
    const numbers = row(shown.map(({ tell }) => tell(node)));
    const meaning = node.state === 'over' ? 'bad' : node.late > 0 || node.state === 'hot' ? 'warning' : undefined;
    return [name, ...type, ...drawing, meaning === undefined ? numbers : piece(meaning, numbers)];
  };
  const items = heaviestNodes(nodes);
  return <ScrolledList title={title} items={items} describe={describe} scroll={scroll} columns={columns} rows={rows} />;
}

function row(values: readonly string[]): string {
  return values.map((value) => column(value, numberCells, 'right')).join('');
}
