// Tells when a file was saved, however an editor does it: written in place, or as a new file that takes its name.

import type { BigIntStats, FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** Milliseconds. */
const timing = {
  /** A file is looked at as often without being told: network disks tell nothing, links may lead elsewhere. */
  poll: 500,
  /** A file is saved when it has not changed for so long. */
  rest: 40,
} as const;

/** Watches from its construction to `close`. */
export class FileWatch {
  readonly #path: string;
  readonly #onSaved: () => void;
  readonly #poll: NodeJS.Timeout;
  #watcher: FSWatcher | undefined;
  #rest: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** As it was when it was told last. */
  #told: string | undefined;
  #seen: string | undefined;

  /** `onSaved` may be called without a change of the content, and once at the beginning. A file that is gone is not told of, nor a pipe. */
  constructor(path: string, onSaved: () => void) {
    this.#path = path;
    this.#onSaved = onSaved;
    this.#poll = setInterval(() => void this.#look(), timing.poll);
    this.#poll.unref();
    try {
      // The folder, since another file may take the name.
      this.#watcher = watch(dirname(path), { persistent: false }, (_, name) => {
        if (name === null || name === basename(path)) {
          void this.#look();
        }
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // The system watches no more files, or not this folder: polling does.
    }
    void this.#look();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#rest);
    this.#watcher?.close();
  }

  async #look(): Promise<void> {
    const found = await stat(this.#path, { bigint: true }).then(
      (status) => (status.isFile() ? stateOf(status) : undefined),
      () => undefined,
    );
    if (this.#isClosed || found === undefined) {
      return;
    }
    const isAtRest = found === this.#seen;
    this.#seen = found;
    if (found === this.#told) {
      return;
    }
    if (isAtRest && this.#rest === undefined) {
      this.#told = found;
      this.#onSaved();
    } else if (!isAtRest) {
      clearTimeout(this.#rest);
      this.#rest = setTimeout(() => {
        this.#rest = undefined;
        void this.#look();
      }, timing.rest);
    }
  }
}

function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
