// Tables in Markdown, and what stands in their cells.

import type { Figure } from '../measure/statistics.js';

export type Row = readonly string[];

/** Stands where there is nothing to tell. */
export const missing = '-';

export function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A heading and its table; nothing without rows. */
export function section(heading: string, head: Row, rows: readonly Row[]): readonly string[] {
  return rows.length === 0 ? [] : [`### ${heading}`, table(head, rows)];
}

export function median(figure: Figure | undefined, digits: number): string {
  return figure === undefined ? missing : figure.median.toFixed(digits);
}

export function spread(figure: Figure | undefined, digits: number): string {
  return figure === undefined ? missing : `${figure.least.toFixed(digits)} to ${figure.greatest.toFixed(digits)}`;
}

export function milliseconds({ median: seconds }: Figure): string {
  return (seconds * 1000).toFixed(0);
}

export function met(holds: boolean): string {
  return holds ? 'yes' : '**no**';
}
