// Why a command of a session could not be done, as a value.

import type { EngineError } from '../engine/error.js';
import type { Diagnostic } from '../patch/diagnostic.js';

export type Failure =
  /** All mistakes of a patch, in the order of its text. */
  | { readonly type: 'invalid_patch'; readonly diagnostics: readonly Diagnostic[] }
  /** `offset` counts bytes from the start of the file. */
  | { readonly type: 'invalid_midi_file'; readonly path: string; readonly offset: number; readonly message: string }
  /** `line` counts from 1. */
  | { readonly type: 'invalid_journal'; readonly path: string; readonly line: number; readonly message: string }
  /** A sound that a patch cannot be fitted to. */
  | { readonly type: 'unfit_target'; readonly path: string; readonly message: string }
  /** A sentence for each name of a parameter that cannot be fitted. */
  | { readonly type: 'unfit_parameters'; readonly messages: readonly string[] }
  /** For so many seconds of a target there would be. */
  | {
      readonly type: 'not_enough_memory';
      readonly bytes: number;
      readonly free: number;
      readonly seconds: number;
    }
  | { readonly type: 'unreadable_file'; readonly path: string; readonly reason: string }
  | { readonly type: 'unwritable_file'; readonly path: string; readonly reason: string }
  | { readonly type: 'engine'; readonly error: EngineError }
  /** The caller's signal came; nothing is left behind. */
  | { readonly type: 'interrupted' };

export interface Failed {
  readonly ok: false;
  readonly failure: Failure;
}

export function failed(failure: Failure): Failed {
  return { ok: false, failure };
}
