// What the main thread and the compiling thread say to each other.

import type { PatchContent } from '../../patch/patch-content.js';
import type { Plan } from '../../plan/plan.js';
import type { Failure } from '../failure.js';
import type { ScheduleChoice } from '../schedule-choice.js';

export interface CompileRequest {
  readonly number: number;
  readonly path: string;
  /** Frames a second. */
  readonly sampleRate: number;
  /** In place of the schedule that the patch says. */
  readonly schedule?: ScheduleChoice | undefined;
  /** What needs no compiling: the hash of files that are known already. */
  readonly known?: string | undefined;
}

/** A patch that compiled, as plain data. */
export interface CompiledPatch {
  readonly content: PatchContent;
  readonly plan: Plan;
  /** The plan as the engine loads it. */
  readonly bytes: Uint8Array;
}

/** `hash`: of all that was read, if it could be. */
export type CompileOutcome =
  | { readonly type: 'compiled'; readonly hash: string; readonly compiled: CompiledPatch }
  /** The file is the one that was known. */
  | { readonly type: 'known' }
  | { readonly type: 'failed'; readonly hash?: string; readonly failure: Failure };

export interface CompileReply {
  readonly number: number;
  readonly outcome: CompileOutcome;
}
