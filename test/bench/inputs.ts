// The files that the programs read: a patch and its plan, and scores for scsynth.

import { writeFileSync } from 'node:fs';
import { formatDiagnostic } from '../../src/patch/diagnostic.js';
import { readPatch } from '../../src/patch/read.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import type { InputPath } from './programs.js';
import { scoreSuffix } from './programs.js';
import { scoreOf } from './scsynth/workload-synths.js';
import type { Workload } from './workloads.js';
import { patchText, sampleRate } from './workloads.js';

/** Writes the patch, the plan that the planner makes of it, and a score for each length in frames. */
export function writeInputs(workload: Workload, lengths: readonly number[], inputPath: InputPath): void {
  const patchPath = inputPath(workload.id, '.jsonc');
  const text = patchText(workload.patch());
  writeFileSync(patchPath, text);
  writeFileSync(inputPath(workload.id, '.plan'), planBytes(text, patchPath));
  for (const frames of lengths) {
    writeFileSync(inputPath(workload.id, scoreSuffix(frames)), scoreOf(workload.id, sampleRate, frames / sampleRate));
  }
}

/** The plan of a patch. Throws with all mistakes if there are any. */
export function planBytes(text: string, file: string): Uint8Array {
  const reading = readPatch(text, file);
  const compiling = reading.ok ? compilePlan(reading.patch, { sampleRate }) : reading;
  if (!compiling.ok) {
    throw new Error(compiling.diagnostics.map(formatDiagnostic).join('\n'));
  }
  return encodePlan(compiling.plan);
}
