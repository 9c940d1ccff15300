// Partial latencies: stages in groups that work on blocks of their own, so that workers share what is one behind the other.

import type { ScheduleStage } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import { stageCost } from './cost.js';
import type { Shape } from './shapes.js';

/**
 * Lets later stages lag, by `most` blocks at most. The planner's stages never wait for later ones, so a schedule stays valid as
 * long as no stage lags less than one before it.
 */
export function spreadOverBlocks(
  stages: readonly ScheduleStage[],
  shapes: readonly Shape[],
  most: number,
): readonly ScheduleStage[] {
  const lags = groupOf(
    stages.map((stage) => stageCost(stage, shapes)),
    most + 1,
  );
  return stages.map((stage, index) => ({ ...stage, partialLatency: elementAt(lags, index) }));
}

/**
 * For each of a row of costs the group that it is in: groups of neighbours, at most so many, of which the dearest is as cheap as
 * can be. No more groups than that takes: each is a block of latency.
 */
export function groupOf(costs: readonly number[], mostGroups: number): readonly number[] {
  let tooLittle = costs.reduce((dearest, cost) => Math.max(dearest, cost), 0) - 1;
  let enough = costs.reduce((sum, cost) => sum + cost, 0);
  while (tooLittle + 1 < enough) {
    const middle = Math.floor((tooLittle + enough) / 2);
    if ((fill(costs, middle).at(-1) ?? 0) < mostGroups) {
      enough = middle;
    } else {
      tooLittle = middle;
    }
  }
  return fill(costs, enough);
}

/** Each group as full as `limit` lets it; no single cost is above that. */
function fill(costs: readonly number[], limit: number): readonly number[] {
  let group = 0;
  let sum = 0;
  return costs.map((cost) => {
    if (sum + cost > limit) {
      group += 1;
      sum = 0;
    }
    sum += cost;
    return group;
  });
}
