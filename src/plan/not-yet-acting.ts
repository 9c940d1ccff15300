// What a patch may say and a plan carries, but this engine does not act on yet. Nothing is hidden: each use is told.

import type { Diagnostic, SourceSpan } from '../patch/diagnostic.js';
import { compareDiagnostics } from '../patch/diagnostic.js';
import type { Patch } from '../patch/patch.js';

/** A note for each part of the patch that has no effect yet, in the order of the file. */
export function notYetActing(patch: Patch): readonly Diagnostic[] {
  const notes: Diagnostic[] = [];
  const note = (span: SourceSpan, message: string): void => {
    notes.push(patch.source.diagnostic(span, `note: ${message}`));
  };
  if (patch.thermal.onLimit === 'attenuate') {
    note(patch.span, 'the thermal limit does not attenuate yet');
  }
  return notes.sort(compareDiagnostics);
}
