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
  readonly #watcher: FSWatcher | undefined;
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
    this.#watcher = watchFolder(dirname(path), (name) => {
      if (name === null || name === basename(path)) {
        void this.#look();
      }
    });
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

/** The folder is watched, since another file may take the name. */
function watchFolder(path: string, onChange: (name: string | null) => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, (_, name) => onChange(name));
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    // The system watches no more files, or not this folder: polling does.
    return undefined;
  }
}

function stateOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
