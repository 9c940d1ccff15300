// Several workers, where there is much to do and where there is little.

import type { SmallPatchFigures } from '../parts/small-patch.js';
import type { WorkerFigures, WorkersOutcome } from '../parts/workers.js';
import type { Row } from './table.js';
import { median, missing, section, spread } from './table.js';

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
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join('; ')}.`]),
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

export function formatSmallPatches(figures: readonly SmallPatchFigures[]): readonly string[] {
  return section(
    'Two workers with little to do: CPU seconds for 20 s of sound',
    ['patch', 'how', 'one worker', 'two', 'two / one', 'least to greatest', 'wall, two / one'],
    figures.map(({ patch, manner, oneWorker, twoWorkers, burnt, wall }) => [
      patch,
      manner,
      median(oneWorker, 3),
      median(twoWorkers, 3),
      median(burnt, 2),
      spread(burnt, 2),
      median(wall, 2),
    ]),
  );
}
