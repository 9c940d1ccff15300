// What is wished for in place of the schedule that a patch says.

import type { ScheduleReplacement } from '../patch/read-schedule.js';
import type { Failed } from './failure.js';
import { readSourceFile, sourceTextOf } from './source-file.js';

export type ScheduleChoice =
  | Exclude<ScheduleReplacement, { readonly type: 'text' }>
  /** A file with a schedule, read anew each time. */
  | { readonly type: 'file'; readonly path: string };

export type ScheduleReading = { readonly ok: true; readonly replacement: ScheduleReplacement | undefined } | Failed;

/** What the choice stands for now. Failures: `unreadable_file`; `invalid_patch` for a file that is no text. */
export async function readScheduleChoice(choice: ScheduleChoice | undefined): Promise<ScheduleReading> {
  if (choice?.type !== 'file') {
    return { ok: true, replacement: choice };
  }
  const { path: file } = choice;
  const reading = await readSourceFile(file);
  const decoding = reading.ok ? sourceTextOf(reading.bytes, file, 'schedule') : reading;
  return decoding.ok ? { ok: true, replacement: { type: 'text', file, text: decoding.text } } : decoding;
}

/** The files that it names. */
export function filesOfChoice(choice: ScheduleChoice | undefined): readonly string[] {
  return choice?.type === 'file' ? [choice.path] : [];
}
