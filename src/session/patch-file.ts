// From a patch on disk to a plan.

import { createHash } from 'node:crypto';
import type { Diagnostic } from '../patch/diagnostic.js';
import { SourceText } from '../patch/diagnostic.js';
import type { Patch } from '../patch/patch.js';
import { readPatch } from '../patch/read.js';
import { compilePlan } from '../plan/compile.js';
import { notYetActing } from '../plan/not-yet-acting.js';
import type { Plan } from '../plan/plan.js';
import { readAtMost } from './bounded-read.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { systemReason } from './system-error.js';

export type PlanLoading =
  | {
      readonly ok: true;
      readonly plan: Plan;
      readonly patch: Patch;
      /** The patch as it is written. */
      readonly text: string;
      /** SHA-256 of its bytes, in hexadecimal. */
      readonly hash: string;
      /** What the patch says without effect. */
      readonly notes: readonly Diagnostic[];
    }
  | Failed;

/** A thousand voices fit many times; more would keep the program busy for a minute before it says what is wrong. */
const mostBytes = 1 << 24;
const tooLong = `the file is longer than ${mostBytes / (1 << 20)} MiB; no patch is`;

/** Reads and compiles a patch. Failures: `unreadable_file`; `invalid_patch`, with all mistakes that can be seen at once. */
export async function loadPlan(path: string, settings: { readonly sampleRate: number }): Promise<PlanLoading> {
  const reading = await readPatchFile(path);
  return reading.ok ? compileBytes(reading.bytes, path, settings) : reading;
}

/** The bytes of a patch, and not many more of what is none. Failures: `unreadable_file`. */
export async function readPatchFile(path: string): Promise<{ readonly ok: true; readonly bytes: Uint8Array } | Failed> {
  try {
    return { ok: true, bytes: await readAtMost(path, mostBytes + 1) };
  } catch (error) {
    return failed({ type: 'unreadable_file', path, reason: systemReason(error) });
  }
}

/** Compiles what was read from `path`. Failures: `invalid_patch`. */
export function compileBytes(
  bytes: Uint8Array,
  path: string,
  { sampleRate }: { readonly sampleRate: number },
): PlanLoading {
  if (bytes.length > mostBytes) {
    const mistake = new SourceText(path, '').diagnostic({ offset: 0, length: 0 }, tooLong);
    return failed({ type: 'invalid_patch', diagnostics: [mistake] });
  }
  const text = decodeText(bytes);
  if (text === undefined) {
    return failed({ type: 'invalid_patch', diagnostics: [notText(bytes, path)] });
  }
  return compileText(text, path, { sampleRate });
}

/** Compiles a patch that was read from `path`. Failures: `invalid_patch`. */
export function compileText(text: string, path: string, { sampleRate }: { readonly sampleRate: number }): PlanLoading {
  const reading = readPatch(text, path);
  const result = reading.ok ? compilePlan(reading.patch, { sampleRate }) : reading;
  return reading.ok && result.ok
    ? {
        ok: true,
        plan: result.plan,
        patch: reading.patch,
        text,
        hash: hashOf(text),
        notes: notYetActing(reading.patch),
      }
    : failed({ type: 'invalid_patch', diagnostics: result.ok ? [] : result.diagnostics });
}

/** Text that is valid came from just these bytes. */
function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Points at the first byte that is not UTF-8. */
function notText(bytes: Uint8Array, path: string) {
  const lossy = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const offset = Math.max(0, lossy.indexOf('\uFFFD'));
  return new SourceText(path, lossy).diagnostic(
    { offset, length: 1 },
    'found bytes that are not UTF-8; a patch is text',
  );
}
