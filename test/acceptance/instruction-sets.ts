// The engine, built for one instruction set after the other: native/test/render_plan.c, which plays a plan.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { inRepository } from './patch-files.js';
import type { HeldNote } from './performances.js';

export interface InstructionSet {
  readonly name: string;
  /** Path of the program. */
  readonly program: string;
  /** What the CPU must have, in the words of /proc/cpuinfo, beyond what the set before needs. */
  readonly features: readonly string[];
}

/** Levels of the x86-64 psABI, each with all features of the one before. */
export const instructionSets: readonly InstructionSet[] = [
  { name: 'x86-64-v2', features: ['cx16', 'lahf_lm', 'popcnt', 'sse4_1', 'sse4_2', 'ssse3'] },
  { name: 'x86-64-v3', features: ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave'] },
  { name: 'x86-64-v4', features: ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'] },
].map(({ name, features }, index, all) => ({
  name,
  program: inRepository(`build/native/test/amp_render_plan_${name.slice(-2)}`),
  features: [...all.slice(0, index).flatMap((each) => each.features), ...features],
}));

/** What this CPU lacks to run programs for an instruction set. */
export function missingFeatures({ features }: InstructionSet): readonly string[] {
  const found = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim().split(/\s+/));
  return features.filter((feature) => !found.has(feature));
}

/** Plays a plan file with the engine of an instruction set; the samples as they leave the streamer. */
export function playNatively(
  { program }: InstructionSet,
  {
    planPath,
    frames,
    notes,
  }: { readonly planPath: string; readonly frames: number; readonly notes: readonly HeldNote[] },
): Uint8Array {
  if (!existsSync(program)) {
    throw new Error(`there is no ${program}; npm test builds it`);
  }
  const played = notes.map(({ note, frame, frames: length }) => `${note}:${frame}:${length}`);
  const { status, stdout, stderr } = spawnSync(program, [planPath, `${frames}`, '64', '2', ...played], {
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) {
    throw new Error(`${program}: exit code ${status}\n${stderr}`);
  }
  return stdout;
}
