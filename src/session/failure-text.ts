// A failure in sentences, each of which stands for itself.

import { formatDiagnostic } from '../patch/diagnostic.js';
import type { Failure } from './failure.js';

/** Mistakes of a patch are a sentence each, as `file:line:column: ...`. */
export function failureTexts(failure: Failure): readonly string[] {
  switch (failure.type) {
    case 'invalid_patch':
      return failure.diagnostics.map(formatDiagnostic);
    case 'invalid_midi_file':
      return [`${failure.path}: byte ${failure.offset}: ${failure.message}`];
    case 'invalid_journal':
      return [`${failure.path}:${failure.line}: ${failure.message}`];
    case 'unfit_target':
      return [`${failure.path}: ${failure.message}`];
    case 'unfit_parameters':
      return failure.messages;
    case 'not_enough_memory':
      return [
        `a recording takes ${mebibytes(failure.bytes)}, and ${mebibytes(failure.free)} are free; --seconds ${failure.seconds} fits`,
      ];
    case 'unreadable_file':
      return [`cannot read ${failure.path}: ${failure.reason}`];
    case 'unwritable_file':
      return [`cannot write ${failure.path}: ${failure.reason}`];
    case 'engine':
      return [failure.error.message];
    case 'interrupted':
      return ['interrupted; nothing was written'];
  }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
