// Several workers, where there is much to do and where there is little.

import type { SmallPatchFigures } from '../parts/small-patch.js';
import type { WorkerFigures, WorkersOutcome } from '../parts/workers.js';
import { usualBlock } from '../programs.js';
import type { Row } from './table.js';
import { median, met, missing, section, spread } from './table.js';

export function formatWorkers({ figures, leftOut }: WorkersOutcome): readonly string[] {
  return [
    ...section(
      'Several workers: wall seconds for 20 s of sound',
      [
        'program',
        'block',
        'workers',
        'wall seconds',
        'speed-up',
        'least to greatest',
        'user CPU to that of one worker',
      ],
      figures.map(rowOf),
    ),
    ...formatGain(figures),
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join('; ')}.`]),
  ];
}

/** What a second worker is to gain on w4 at the usual block, however the patch is written. */
const wantedGain = 1.8;

function formatGain(figures: readonly WorkerFigures[]): readonly string[] {
  const gains = figures
    .filter(({ name, block, workers }) => name.startsWith('engine') && block === usualBlock && workers === 2)
    .map(({ speedUp }) => speedUp.median);
  const best = Math.max(...gains);
  return gains.length === 0
    ? []
    : [
        `At blocks of ${usualBlock} a second worker makes the engine ${best.toFixed(2)} times as fast at best ` +
          `(at least ${wantedGain}: ${met(best >= wantedGain)}).`,
      ];
}

function rowOf({ name, block, workers, wall, speedUp, burnt }: WorkerFigures): Row {
  const compared = [median(speedUp, 2), spread(speedUp, 2), median(burnt, 2)];
  return [
    name,
    String(block),
    String(workers),
    median(wall, 3),
    ...(workers === 1 ? compared.map(() => missing) : compared),
  ];
}

/** Two workers may neither burn more than one nor be slower, but for what the measuring itself scatters. */
const mostOfOne = 1.05;

export function formatSmallPatches(figures: readonly SmallPatchFigures[]): readonly string[] {
  return section(
    'Two workers with little to do: CPU seconds for 20 s of sound',
    ['patch', 'how', 'one worker', 'two', 'two / one', 'least to greatest', 'wall, two / one', `at most ${mostOfOne}`],
    figures.map(({ patch, manner, oneWorker, twoWorkers, burnt, wall }) => [
      patch,
      manner,
      median(oneWorker, 3),
      median(twoWorkers, 3),
      median(burnt, 2),
      spread(burnt, 2),
      median(wall, 2),
      met(burnt.median <= mostOfOne && (wall === undefined || wall.median <= mostOfOne)),
    ]),
  );
}
