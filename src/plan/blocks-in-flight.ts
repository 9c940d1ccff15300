// Partial latencies as the engine acts on them: blocks that overlap.

import type { Plan } from './plan.js';

/**
 * How many blocks of a plan run at once where a device paces it: one, and one more for each block by which its schedule lets a
 * stage lag. So much later it is heard, too.
 */
export function blocksInFlight({ schedule }: Pick<Plan, 'schedule'>): number {
  return (schedule?.stages ?? []).reduce((most, { partialLatency }) => Math.max(most, 1 + partialLatency), 1);
}
