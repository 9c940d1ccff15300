// What a node of each type costs.

import type { Figure } from '../measure/statistics.js';
import type { TypeFigures } from '../parts/types.js';
import { laneCounts } from '../parts/types.js';
import { median, section, spread } from './table.js';

export function formatTypes(figures: readonly TypeFigures[]): readonly string[] {
  const head = (['forward', 'backward'] as const).flatMap((direction) =>
    laneCounts.flatMap((lanes) => [`${direction}, ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`, 'least to greatest']),
  );
  const cells = (figure: Figure) => [median(figure, 2), spread(figure, 2)];
  const none = laneCounts.flatMap(() => ['-', '-']);
  return section(
    'Nodes of each type: ns a lane and frame',
    ['type', ...head],
    figures.map(({ type, forward, backward }) => [
      type,
      ...forward.flatMap(cells),
      ...(backward === undefined ? none : backward.flatMap(cells)),
    ]),
  );
}
