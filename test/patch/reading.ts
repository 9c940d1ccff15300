// Reads patches for the tests, and says loudly when one is not what the test takes it for.
import { formatDiagnostic } from '../../src/patch/diagnostic.js';
import type { Patch } from '../../src/patch/patch.js';
import { readPatch } from '../../src/patch/read.js';

/** The patch of a text that has no mistake. */
export function patchOf(text: string): Patch {
  const reading = readPatch(text, 'test.jsonc');
  if (!reading.ok) {
    throw new Error(`the patch has mistakes:\n${reading.diagnostics.map(formatDiagnostic).join('\n')}`);
  }
  return reading.patch;
}

/** The mistakes of a text, as a performer sees them. */
export function mistakesOf(text: string): readonly string[] {
  const reading = readPatch(text, 'test.jsonc');
  return reading.ok ? [] : reading.diagnostics.map(formatDiagnostic);
}

/** A patch text around some nodes, an output among them, and whatever else is given. */
export function patchText(
  nodes: Readonly<Record<string, unknown>>,
  rest: Readonly<Record<string, unknown>> = {},
): string {
  return JSON.stringify({ amp: 1, nodes: { ...nodes, out: { type: 'output' } }, ...rest });
}

/** The messages of a text's mistakes, without their places. */
export function messagesOf(text: string): readonly string[] {
  const reading = readPatch(text, 'test.jsonc');
  return reading.ok ? [] : reading.diagnostics.map((diagnostic) => diagnostic.message);
}
