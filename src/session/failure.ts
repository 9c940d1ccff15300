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
