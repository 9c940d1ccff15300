// What a node of each type costs.

import type { TypeFigures } from '../parts/types.js';
import { laneCounts } from '../parts/types.js';
import { median, section, spread } from './table.js';

export function formatTypes(figures: readonly TypeFigures[]): readonly string[] {
  const head = laneCounts.flatMap((lanes) => [
    `forward, ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`,
    'least to greatest',
  ]);
  return section(
    'Nodes of each type: ns a lane and frame',
    ['type', ...head],
    figures.map(({ type, forward }) => [type, ...forward.flatMap((figure) => [median(figure, 2), spread(figure, 2)])]),
  );
}
