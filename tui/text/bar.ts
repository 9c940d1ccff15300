// Horizontal bars.

/** A bar as text, as `████░░░░`, for a share of 0 to 1. */
export function bar(share: number, cells: number): string {
  const filled = share > 0 ? Math.min(cells, Math.round(share * cells)) : 0;
  return '█'.repeat(filled) + '░'.repeat(cells - filled);
}
