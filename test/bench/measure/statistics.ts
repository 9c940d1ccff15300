// Figures from repeated runs.

/** A median and how far the runs lie apart. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** The figure of at least one value. */
export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const median = (at(Math.floor((sorted.length - 1) / 2)) + at(Math.floor(sorted.length / 2))) / 2;
  return { median, least: at(0), greatest: at(sorted.length - 1) };
}

/** The quotients of values that were measured side by side. */
export function ratioOf(values: readonly number[], others: readonly number[]): Figure {
  return figureOf(values.map((value, index) => value / (others[index] ?? Number.NaN)));
}
