// What nodes cost, as far as a plan tells: enough to cut work into equal parts.

import type { ScheduleStage } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Shape } from './shapes.js';

/** Of all lanes of a stage's nodes, in whole units of about one lane of a node. */
export function stageCost({ cohorts }: ScheduleStage, shapes: readonly Shape[]): number {
  return cohorts
    .flatMap(({ nodes }) => nodes)
    .reduce((sum, node) => {
      const { batch, channels } = elementAt(shapes, node);
      return sum + batch * channels;
    }, 0);
}
