// What the number of nodes costs.

import type { NodeFigures } from '../parts/nodes.js';
import { comparedSizes } from '../parts/nodes.js';
import { median, met, section, spread } from './table.js';

/** Times the nanoseconds of the smaller of the compared sizes. */
const firingTarget = 2;
/** Milliseconds of planning and preparing together. */
const planTarget = 1000;

export function formatNodes(figures: readonly NodeFigures[]): readonly string[] {
  const rows = figures.map(({ nodes, schedule, firing, reader, planner, start }) => [
    String(nodes),
    schedule,
    median(firing, 1),
    spread(firing, 1),
    median(reader, 0),
    median(planner, 0),
    median(start, 0),
  ]);
  return [
    ...section(
      'Independent nodes of one lane: sines and their sum',
      [
        'nodes',
        'schedule',
        'ns a node and block',
        'least to greatest',
        'reader, ms',
        'planner, ms',
        'engine to its first block, ms',
      ],
      rows,
    ),
    ...formatTargets(figures),
  ];
}

function formatTargets(figures: readonly NodeFigures[]): readonly string[] {
  const [few, many] = comparedSizes.map((nodes) => {
    return figures.find((each) => each.nodes === nodes && each.schedule === 'kpn');
  });
  if (few === undefined || many === undefined) {
    return [];
  }
  const ratio = many.firing.median / few.firing.median;
  const plan = many.planner.median + many.start.median;
  return [
    `A node among ${many.nodes} takes ${ratio.toFixed(2)} times what one among ${few.nodes} does (at most ${firingTarget}: ` +
      `${met(ratio <= firingTarget)}); ${many.nodes} are planned and prepared in ${plan.toFixed(0)} ms ` +
      `(under ${planTarget}: ${met(plan < planTarget)}), and read in ${many.reader.median.toFixed(0)} ms before.`,
  ];
}
