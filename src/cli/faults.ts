// Faults of the program itself: they are told, and end the work instead of cutting it off.

import { exitCodes } from './exit-code.js';
import { printError } from './print.js';

export interface FaultWatch {
  readonly hasFault: () => boolean;
}

/** Calls `onFault` at the first fault that nobody caught; the second ends the process. */
export function watchForFaults(onFault: () => void): FaultWatch {
  let count = 0;
  process.on('uncaughtException', (fault) => {
    printError(`amp-live: a fault of its own:\n${fault.stack ?? fault.message}`);
    count += 1;
    if (count > 1) {
      process.exit(exitCodes.failure);
    }
    onFault();
  });
  return { hasFault: () => count > 0 };
}
