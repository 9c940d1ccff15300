import { expect, test } from 'vitest';
import { decodePlan } from '../../src/plan/binary/decode.js';
import { planBytes } from '../bench/inputs.js';
import type { WorkloadId } from '../bench/workloads.js';
import { patchText, workloads } from '../bench/workloads.js';

/** Nodes of each workload's patch: those that SuperCollider would count as units, and a mix and an output. */
const nodeCounts: Readonly<Record<WorkloadId, number>> = {
  w1: 3,
  w1n: 514,
  w2: 6,
  w2a: 6,
  w3: 258,
  w4: 642,
  w4b: 12,
};

test.each(workloads)('the patch of $id compiles to a plan of all its nodes', ({ id, patch }) => {
  const reading = decodePlan(planBytes(patchText(patch()), `${id}.jsonc`));
  expect(reading.ok && reading.plan.nodes.length).toBe(nodeCounts[id]);
});
