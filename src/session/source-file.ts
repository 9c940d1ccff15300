// Files that people write: patches and schedules, as bytes and as text.

import { SourceText } from '../patch/diagnostic.js';
import type { DocumentKind } from '../patch/document.js';
import { readAtMost } from './bounded-read.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { systemReason } from './system-error.js';

/** A thousand voices fit many times; more would keep the program busy for a minute before it says what is wrong. */
const mostBytes = 1 << 24;

/** The bytes of a file, and not many more of one that is too long. Failures: `unreadable_file`. */
export async function readSourceFile(
  path: string,
): Promise<{ readonly ok: true; readonly bytes: Uint8Array } | Failed> {
  try {
    return { ok: true, bytes: await readAtMost(path, mostBytes + 1) };
  } catch (error) {
    return failed({ type: 'unreadable_file', path, reason: systemReason(error) });
  }
}

/** The text that was read from `path`. Failures: `invalid_patch`. */
export function sourceTextOf(
  bytes: Uint8Array,
  path: string,
  kind: DocumentKind,
): { readonly ok: true; readonly text: string } | Failed {
  if (bytes.length > mostBytes) {
    const tooLong = `the file is longer than ${mostBytes / (1 << 20)} MiB; no ${kind} is`;
    const mistake = new SourceText(path, '').diagnostic({ offset: 0, length: 0 }, tooLong);
    return failed({ type: 'invalid_patch', diagnostics: [mistake] });
  }
  const text = decodeText(bytes);
  return text === undefined
    ? failed({ type: 'invalid_patch', diagnostics: [notText(bytes, path, kind)] })
    : { ok: true, text };
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Points at the first byte that is not UTF-8. */
function notText(bytes: Uint8Array, path: string, kind: DocumentKind) {
  const lossy = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const offset = Math.max(0, lossy.indexOf('\uFFFD'));
  return new SourceText(path, lossy).diagnostic(
    { offset, length: 1 },
    `found bytes that are not UTF-8; a ${kind} is text`,
  );
}
