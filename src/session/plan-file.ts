// A patch's plan: described with what only the engine knows, and written to a file.

import { openStreamer } from '../engine/streamer.js';
import { encodePlan } from '../plan/binary/encode.js';
import type { PlanDescription } from '../plan/describe.js';
import { describePlan } from '../plan/describe.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { loadPlan } from './patch-file.js';
import type { Writing } from './replacement-file.js';
import { ReplacementFile } from './replacement-file.js';

export interface PlanRequest {
  readonly patchPath: string;
  /** Frames, 1 to 4096; the size of the arena depends on it. */
  readonly block: number;
  readonly sampleRate: number;
}

export type Planning =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly description: PlanDescription }
  | Failed;

/** Compiles a patch and lets the engine build it, as it would to play it. Failures: `unreadable_file`, `invalid_patch`, `engine`. */
export async function inspectPlan({ patchPath, block, sampleRate }: PlanRequest): Promise<Planning> {
  const loading = await loadPlan(patchPath, { sampleRate });
  if (!loading.ok) {
    return loading;
  }
  const bytes = encodePlan(loading.plan);
  const opening = openStreamer(bytes, { block, workers: 1 });
  if (!opening.ok) {
    return failed({ type: 'engine', error: opening.error });
  }
  const arena = opening.streamer.arenaStats();
  const limiterFrames = opening.streamer.latency;
  opening.streamer.close();
  const facts = arena === undefined ? { limiterFrames } : { arenaBytes: arena.used, limiterFrames };
  return { ok: true, bytes, description: describePlan(loading.plan, facts) };
}

/** Writes the plan of a patch, which it must not replace. Failures: `unwritable_file`. */
export async function writePlanFile(path: string, bytes: Uint8Array, patchPath: string): Promise<Writing> {
  const creating = await ReplacementFile.create(path, [patchPath]);
  if (!creating.ok) {
    return creating;
  }
  const writing = await creating.file.append(bytes);
  if (!writing.ok) {
    await creating.file.discard();
    return writing;
  }
  return creating.file.commit();
}
