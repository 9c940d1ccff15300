import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodePlan } from '../../src/plan/binary/decode.js';
import { planBytes } from '../bench/inputs.js';
import { patchFileOf, patchFiles, patchFolder } from '../bench/patch-files.js';
import type { WorkloadId } from '../bench/workloads.js';
import { workloadIds } from '../bench/workloads.js';

const folder = new URL(`../../${patchFolder}/`, import.meta.url);

/** Nodes of each workload's patch: those that SuperCollider would count as units, and a mix and an output. */
const nodeCounts: Readonly<Record<WorkloadId, number>> = {
  w1: 3,
  w1n: 514,
  'w1n-ipls': 514,
  w2: 6,
  w2a: 6,
  w3: 258,
  'w3-ipls': 258,
  w4: 642,
  'w4-ipls': 642,
  w4b: 12,
  w5: 5,
};

test('the patches of the benchmark are what its numbers give (npm run generate writes them)', () => {
  const committed = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => a.name.localeCompare(b.name);
  expect(committed.toSorted(byName)).toEqual(patchFiles().toSorted(byName));
});

test.each(workloadIds)('the patch of %s compiles to a plan of all its nodes', (id) => {
  const file = patchFileOf(id);
  const reading = decodePlan(planBytes(readFileSync(new URL(file, folder), 'utf8'), file));
  expect(reading.ok && reading.plan.nodes.length).toBe(nodeCounts[id]);
});

test.each(workloadIds.filter((id) => id.endsWith('-ipls')))('the plan of %s has a schedule', (id) => {
  const file = patchFileOf(id);
  const reading = decodePlan(planBytes(readFileSync(new URL(file, folder), 'utf8'), file));
  expect(reading.ok && reading.plan.schedule?.stages.length).toBeGreaterThan(1);
});
