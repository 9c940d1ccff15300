// Horizontal bars.

/** Cells of a bar that a share of 0 to 1 fills; anything above nothing shows at least a little. */
export function filledCells(share: number, cells: number): number {
  if (!(share > 0)) {
    return 0;
  }
  return Math.max(1, Math.min(cells, Math.round(share * cells)));
}

/** A bar as text, as `████░░░░`. */
export function bar(share: number, cells: number): string {
  const filled = filledCells(share, cells);
  return '█'.repeat(filled) + '░'.repeat(cells - filled);
}
