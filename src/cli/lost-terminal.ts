// A performance outlives its terminal, and whoever reads its status.

import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';

const standardStreams = [0, 1, 2] as const;

/** From now on a closed terminal and a reader that is gone end nothing; what is written for them is lost. */
export function outliveTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
  process.on('SIGHUP', () => undefined);
  const terminals = standardStreams.filter((descriptor) => isatty(descriptor));
  process.on('exit', () => leaveLostTerminals(terminals));
}

/** At its end Node gives terminals the modes that it found, and aborts where one is gone that is still open. */
function leaveLostTerminals(descriptors: readonly number[]): void {
  for (const descriptor of descriptors.filter((each) => !isatty(each))) {
    closeSync(descriptor);
    // The lowest number that is free is this one.
    openSync('/dev/null', 'r+');
  }
}
