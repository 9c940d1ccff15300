// Ctrl-C and its like: the first asks the work to end and tidy up, the second ends the process.

import { constants } from 'node:os';
import { exitCodeOfSignal } from './exit-code.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type InterruptingSignal = (typeof signals)[number];

export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit code that the first signal asks for; nothing while none came. */
  readonly exitCode: () => number | undefined;
  /** Gives the signals back to the system. */
  readonly end: () => void;
}

/** Listens to the signals of these names. */
export function listenForInterruption(names: readonly InterruptingSignal[] = signals): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const interrupt = (name: InterruptingSignal) => {
    if (exitCode !== undefined) {
      process.exit(exitCode);
    }
    exitCode = exitCodeOfSignal(constants.signals[name]);
    controller.abort();
  };
  for (const name of names) {
    process.on(name, interrupt);
  }
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    end: () => {
      for (const name of names) {
        process.off(name, interrupt);
      }
    },
  };
}
