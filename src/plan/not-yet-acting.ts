// What a patch may say and a plan carries, but this engine does not act on yet. Nothing is hidden: each use is told.

import type { Diagnostic, SourceSpan } from '../patch/diagnostic.js';
import { compareDiagnostics } from '../patch/diagnostic.js';
import type { Patch } from '../patch/patch.js';

const idleLatency =
  'the partial latencies of the schedule are planned and checked, but do not act yet: all stages work on the same block';

/** A note for each part of the patch that has no effect yet, in the order of the file. */
export function notYetActing(patch: Patch): readonly Diagnostic[] {
  const notes: Diagnostic[] = [];
  const note = (span: SourceSpan, message: string): void => {
    notes.push(patch.source.diagnostic(span, `note: ${message}`));
  };
  for (const { id, slew } of patch.nodes) {
    for (const [parameter, limits] of slew) {
      if (limits.type === 'limited' && limits.area !== undefined) {
        note(patch.span, `the area of the slew of "${id}.${parameter}" does not act yet: rate and acceleration do`);
      }
    }
  }
  if (patch.thermal.onLimit === 'attenuate') {
    note(patch.span, 'the thermal limit does not attenuate yet');
  }
  const { schedule } = patch;
  if (schedule.type === 'ipls' && (schedule.partialLatency ?? 0) > 0) {
    note(patch.span, idleLatency);
  } else if (schedule.type === 'stages' && schedule.stages.some(({ partialLatency }) => partialLatency > 0)) {
    const source = schedule.source ?? patch.source;
    notes.push(source.diagnostic(schedule.span, `note: ${idleLatency}`));
  }
  return notes.sort(compareDiagnostics);
}
