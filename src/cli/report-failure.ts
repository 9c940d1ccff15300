// A failure as messages and an exit code.

import { formatDiagnostic } from '../patch/diagnostic.js';
import type { Failure } from '../session/failure.js';
import { exitCodes } from './exit-code.js';
import { printError } from './print.js';

/** Tells why a command could not be done, and gives its exit code. */
export function reportFailure(failure: Failure): number {
  const { lines, exitCode } = describeFailure(failure);
  for (const line of lines) {
    printError(line);
  }
  return exitCode;
}

interface Report {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

function describeFailure(failure: Failure): Report {
  switch (failure.type) {
    case 'invalid_patch':
      return { lines: failure.diagnostics.map(formatDiagnostic), exitCode: exitCodes.input };
    case 'invalid_midi_file':
      return { lines: [`${failure.path}: byte ${failure.offset}: ${failure.message}`], exitCode: exitCodes.input };
    case 'invalid_journal':
      return { lines: [`${failure.path}:${failure.line}: ${failure.message}`], exitCode: exitCodes.input };
    case 'unreadable_file':
      return { lines: [`amp-live: cannot read ${failure.path}: ${failure.reason}`], exitCode: exitCodes.failure };
    case 'unwritable_file':
      return { lines: [`amp-live: cannot write ${failure.path}: ${failure.reason}`], exitCode: exitCodes.failure };
    case 'engine':
      return { lines: [`amp-live: ${failure.error.message}`], exitCode: engineExitCode(failure) };
    case 'interrupted':
      return { lines: ['amp-live: interrupted; nothing was written'], exitCode: exitCodes.failure };
  }
}

/** What the engine cannot run is wrong in the patch; the rest is the machine's. */
function engineExitCode({ error: { code } }: Extract<Failure, { readonly type: 'engine' }>): number {
  return code === 'plan' || code === 'unsupported' || code === 'argument' ? exitCodes.input : exitCodes.failure;
}
