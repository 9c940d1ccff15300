// Ctrl-C and its like: the first asks the work to end and tidy up, the second ends the process.

import { constants } from 'node:os';
import { exitCodeOfSignal } from './exit-code.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit code that the first signal asks for; nothing while none came. */
  readonly exitCode: () => number | undefined;
  /** Gives the signals back to the system. */
  readonly end: () => void;
}

export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const interrupt = (name: (typeof signals)[number]) => {
    if (exitCode !== undefined) {
      process.exit(exitCode);
    }
    exitCode = exitCodeOfSignal(constants.signals[name]);
    controller.abort();
  };
  for (const name of signals) {
    process.on(name, interrupt);
  }
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    end: () => {
      for (const name of signals) {
        process.off(name, interrupt);
      }
    },
  };
}
