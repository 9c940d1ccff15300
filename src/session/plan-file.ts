// A patch's plan: described with what only the engine knows, and written to a file.

import { openStreamer } from '../engine/streamer.js';
import { encodePlan } from '../plan/binary/encode.js';
import type { PlanDescription } from '../plan/describe.js';
import { describePlan } from '../plan/describe.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import type { PlanLoading } from './patch-file.js';
import { compileText, loadPlan } from './patch-file.js';
import type { Writing } from './replacement-file.js';
import { ReplacementFile } from './replacement-file.js';
import type { ScheduleChoice } from './schedule-choice.js';
import { filesOfChoice } from './schedule-choice.js';

export interface PlanRequest {
  readonly patchPath: string;
  /** Frames, 1 to 4096; the size of the arena depends on it. */
  readonly block: number;
  readonly sampleRate: number;
  /** In place of the schedule that the patch says. */
  readonly schedule?: ScheduleChoice | undefined;
  /** Whether the planner makes a schedule where nobody says one. */
  readonly needsSchedule?: boolean;
}

export type Planning =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      readonly description: PlanDescription;
      /** Files that it was made of. */
      readonly inputs: readonly string[];
    }
  | Failed;

/** Compiles a patch and lets the engine build it, as it would to play it. Failures: `unreadable_file`, `invalid_patch`, `engine`. */
export async function inspectPlan(request: PlanRequest): Promise<Planning> {
  const { patchPath, block, schedule } = request;
  const loading = await loadScheduled(request);
  if (!loading.ok) {
    return loading;
  }
  const bytes = encodePlan(loading.plan);
  const opening = openStreamer(bytes, { block, workers: 1 });
  if (!opening.ok) {
    return failed({ type: 'engine', error: opening.error });
  }
  const { streamer } = opening;
  const arena = streamer.arenaStats();
  const facts = {
    limiterFrames: streamer.latency,
    fusedCohorts: streamer.fusedCohorts(),
    ...(arena === undefined ? {} : { arenaBytes: arena.used }),
  };
  streamer.close();
  const description = describePlan(loading.plan, facts);
  return { ok: true, bytes, description, inputs: [patchPath, ...filesOfChoice(schedule)] };
}

async function loadScheduled(request: PlanRequest): Promise<PlanLoading> {
  const { patchPath, sampleRate, schedule, needsSchedule = false } = request;
  const loading = await loadPlan(patchPath, { sampleRate, schedule });
  return loading.ok && needsSchedule && loading.plan.schedule === null
    ? compileText(loading.text, patchPath, { sampleRate, schedule: { type: 'ipls', partialLatency: 0 } })
    : loading;
}

/** Writes a plan; it must not replace what it was made of. Failures: `unwritable_file`. */
export async function writePlanFile(path: string, bytes: Uint8Array, inputs: readonly string[]): Promise<Writing> {
  const creating = await ReplacementFile.create(path, inputs);
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
