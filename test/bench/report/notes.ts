// Short notes.

import type { NoteFigures } from '../parts/notes.js';
import { median, met, missing, section, spread } from './table.js';

/** Microseconds. */
const target = 1;

export function formatNotes(figures: readonly NoteFigures[]): readonly string[] {
  const rows = figures.map(({ name, all, above, agreement, reason }) => {
    const finding = reason ?? agreement?.finding ?? missing;
    const holds = name === 'engine' && above !== undefined ? met(above.median <= target) : missing;
    return [name, median(above, 2), spread(above, 2), holds, median(all, 2), finding];
  });
  return section(
    'Short notes (w6): microseconds of user CPU for a note, 200 a second, 100 ms long',
    ['program', 'above the same voices held', 'least to greatest', `at most ${target}`, 'all of it', 'agreement'],
    rows,
  );
}
