// A failure as messages and an exit code.

import type { Failure } from '../session/failure.js';
import { failureTexts } from '../session/failure-text.js';
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
  const texts = failureTexts(failure);
  switch (failure.type) {
    case 'invalid_patch':
    case 'invalid_midi_file':
    case 'invalid_journal':
    case 'unfit_target':
      return { lines: texts, exitCode: exitCodes.input };
    case 'unfit_parameters':
      return { lines: texts.map((text) => `--params: ${text}`), exitCode: exitCodes.input };
    case 'engine':
      return { lines: texts.map(named), exitCode: engineExitCode(failure) };
    case 'not_enough_memory':
    case 'unreadable_file':
    case 'unwritable_file':
    case 'interrupted':
      return { lines: texts.map(named), exitCode: exitCodes.failure };
  }
}

function named(text: string): string {
  return `amp-live: ${text}`;
}

/** What the engine cannot run is wrong in the patch; the rest is the machine's. */
function engineExitCode({ error: { code } }: Extract<Failure, { readonly type: 'engine' }>): number {
  return code === 'plan' || code === 'unsupported' || code === 'argument' ? exitCodes.input : exitCodes.failure;
}
