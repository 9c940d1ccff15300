// The patches of the workloads as files: test/bench/patches, which `npm run generate` writes.

import { patchText, shortNotes } from './patch-documents.js';
import type { WorkloadId } from './workloads.js';
import { workloadCalled, workloads } from './workloads.js';

export interface PatchFile {
  readonly name: string;
  readonly text: string;
}

/** Below the root of the repository. */
export const patchFolder = 'test/bench/patches';

const howWritten = 'Written by `npm run generate`, from test/bench/workloads.ts.';

/** All that the folder holds. */
export function patchFiles(): readonly PatchFile[] {
  const continuous = workloads.flatMap(({ id, purpose, patch }): readonly PatchFile[] => {
    return patch === undefined
      ? []
      : [{ name: `${id}.jsonc`, text: patchText(patch(), `${id}: ${purpose}. ${howWritten}`) }];
  });
  const notes = patchText(shortNotes(), `w6: short notes, each a sine with an envelope. ${howWritten}`);
  return [...continuous, { name: 'w6.jsonc', text: notes }];
}

/** The name of the file that a workload plays. */
export function patchFileOf(id: WorkloadId): string {
  return `${workloadCalled(id).patchOf ?? id}.jsonc`;
}
