// The plans that the engine alone reads.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDiagnostic } from '../../src/patch/diagnostic.js';
import { readPatch } from '../../src/patch/read.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import { sampleRate } from './numbers.js';
import { patchFileOf, patchFolder } from './patch-files.js';
import type { WorkloadId } from './workloads.js';

/** The plan of a patch. Throws with all mistakes if there are any. */
export function planBytes(text: string, file: string): Uint8Array {
  const reading = readPatch(text, file);
  const compiling = reading.ok ? compilePlan(reading.patch, { sampleRate }) : reading;
  if (!compiling.ok) {
    throw new Error(compiling.diagnostics.map(formatDiagnostic).join('\n'));
  }
  return encodePlan(compiling.plan);
}

/** Writes the plan of a patch file into a folder; gives the plan's name there. */
export function writePlan(patch: string, name: string, folder: string): string {
  writeFileSync(join(folder, `${name}.plan`), planBytes(readFileSync(patch, 'utf8'), patch));
  return `${name}.plan`;
}

/** The path of the patch that a workload plays. */
export function patchPath(root: string, workload: WorkloadId): string {
  return join(root, patchFolder, patchFileOf(workload));
}
