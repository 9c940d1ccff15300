// From a patch on disk to a plan.

import { createHash } from 'node:crypto';
import type { Patch } from '../patch/patch.js';
import { readPatch } from '../patch/read.js';
import type { ScheduleReplacement } from '../patch/read-schedule.js';
import { compilePlan } from '../plan/compile.js';
import type { Plan } from '../plan/plan.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import type { ScheduleChoice } from './schedule-choice.js';
import { readScheduleChoice } from './schedule-choice.js';
import { readSourceFile, sourceTextOf } from './source-file.js';

export type PlanLoading =
  | {
      readonly ok: true;
      readonly plan: Plan;
      readonly patch: Patch;
      /** The patch as it is written. */
      readonly text: string;
      /** What took the place of the patch's own schedule. */
      readonly schedule: ScheduleReplacement | undefined;
      /** Of all that was read: `hashOfSources`. */
      readonly hash: string;
    }
  | Failed;

export interface LoadSettings {
  readonly sampleRate: number;
  /** In place of the schedule that the patch says. */
  readonly schedule?: ScheduleChoice | undefined;
}

export interface CompileSettings {
  readonly sampleRate: number;
  readonly schedule?: ScheduleReplacement | undefined;
}

/** Reads and compiles a patch. Failures: `unreadable_file`; `invalid_patch`, with all mistakes that can be seen at once. */
export async function loadPlan(path: string, { sampleRate, schedule: choice }: LoadSettings): Promise<PlanLoading> {
  const reading = await readSourceFile(path);
  if (!reading.ok) {
    return reading;
  }
  const choosing = await readScheduleChoice(choice);
  return choosing.ok ? compileBytes(reading.bytes, path, { sampleRate, schedule: choosing.replacement }) : choosing;
}

/** Compiles what was read from `path`. Failures: `invalid_patch`. */
export function compileBytes(bytes: Uint8Array, path: string, settings: CompileSettings): PlanLoading {
  const decoding = sourceTextOf(bytes, path, 'patch');
  return decoding.ok ? compileText(decoding.text, path, settings) : decoding;
}

/** Compiles a patch that was read from `path`. Failures: `invalid_patch`. */
export function compileText(text: string, path: string, { sampleRate, schedule }: CompileSettings): PlanLoading {
  const reading = readPatch(text, path, schedule);
  const result = reading.ok ? compilePlan(reading.patch, { sampleRate }) : reading;
  return reading.ok && result.ok
    ? {
        ok: true,
        plan: result.plan,
        patch: reading.patch,
        text,
        schedule,
        // Text that is valid came from just these bytes.
        hash: hashOfSources(text, schedule),
      }
    : failed({ type: 'invalid_patch', diagnostics: result.ok ? [] : result.diagnostics });
}

/** Another one for other bytes of the patch, or of the text that takes the place of its schedule. */
export function hashOfSources(patch: Uint8Array | string, schedule: ScheduleReplacement | undefined): string {
  const texts = schedule?.type === 'text' ? [patch, schedule.text] : [patch];
  return texts.map((each) => createHash('sha256').update(each).digest('hex')).join(' ');
}
