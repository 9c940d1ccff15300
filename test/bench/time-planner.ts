// node time-planner.js PATCH PLAN: plans a patch, writes the plan, and prints how long each step took, as JSON.

import { readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { formatDiagnostic } from '../../src/patch/diagnostic.js';
import { readPatch } from '../../src/patch/read.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import { sampleRate } from './numbers.js';

/** Milliseconds. */
export interface PlannerTimes {
  readonly read: number;
  readonly plan: number;
  readonly encode: number;
}

const [patchPath = '', planPath = ''] = process.argv.slice(2);
const text = readFileSync(patchPath, 'utf8');
const begin = performance.now();
const reading = readPatch(text, patchPath);
const read = performance.now();
const compiling = reading.ok ? compilePlan(reading.patch, { sampleRate }) : reading;
const planned = performance.now();
if (!compiling.ok) {
  throw new Error(compiling.diagnostics.map(formatDiagnostic).join('\n'));
}
const bytes = encodePlan(compiling.plan);
const encoded = performance.now();
writeFileSync(planPath, bytes);
const times: PlannerTimes = { read: read - begin, plan: planned - read, encode: encoded - planned };
process.stdout.write(`${JSON.stringify(times)}\n`);
