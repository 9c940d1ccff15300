// The files of a performance: which it reads, which it writes, and that no two of them are one.

import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { findReplaceable } from './replacement-file.js';
import { systemReason } from './system-error.js';

export interface PerformanceFiles {
  /** They exist. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/**
 * Finds out whether all files can be written, before any of them is touched: none is read as well, and none is written
 * twice, by whatever links it is named. Failures: `unwritable_file`.
 */
export async function checkPerformanceFiles({
  reads,
  writes,
}: PerformanceFiles): Promise<{ readonly ok: true } | Failed> {
  const places = new Set<string>();
  for (const path of writes) {
    try {
      const target = await findReplaceable(path, reads);
      if (!target.ok) {
        return target;
      }
      const place = join(await realpath(dirname(target.path)), basename(target.path));
      if (places.has(place)) {
        return failed({ type: 'unwritable_file', path, reason: 'it is written twice' });
      }
      places.add(place);
    } catch (error) {
      return failed({ type: 'unwritable_file', path, reason: systemReason(error) });
    }
  }
  return { ok: true };
}
