// A file that appears under its name only when it is whole.

import type { Stats } from 'node:fs';
import { rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { access, constants, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { systemReason } from './system-error.js';

export type Writing = { readonly ok: true } | Failed;

const written: Writing = { ok: true };

/** Tells apart the temporary files of one process. */
let filesMade = 0;

/** Written to a temporary name beside its own; `commit` or `discard` ends it, or the end of the process. */
export class ReplacementFile {
  readonly #path: string;
  readonly #target: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #removeAtExit = () => rmSync(this.#temporary, { force: true });

  private constructor(path: string, target: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#target = target;
    this.#temporary = temporary;
    this.#handle = handle;
    process.on('exit', this.#removeAtExit);
  }

  /**
   * Finds out whether the file can be written, before anybody works for it. It must be none of the `inputs`, which exist.
   * Failures: `unwritable_file`.
   */
  static async create(
    path: string,
    inputs: readonly string[],
  ): Promise<{ readonly ok: true; readonly file: ReplacementFile } | Failed> {
    try {
      const target = await findReplaceable(path, inputs);
      if (!target.ok) {
        return target;
      }
      const temporary = join(dirname(target.path), `.amp-live-${process.pid}-${filesMade++}.part`);
      const handle = await open(temporary, 'wx');
      return { ok: true, file: new ReplacementFile(path, target.path, temporary, handle) };
    } catch (error) {
      return unwritable(path, error);
    }
  }

  /** Appends bytes. Failures: `unwritable_file`; the file is to be discarded then. */
  async append(bytes: Uint8Array): Promise<Writing> {
    try {
      for (let at = 0; at < bytes.length; ) {
        at += (await this.#handle.write(bytes, at)).bytesWritten;
      }
      return written;
    } catch (error) {
      return unwritable(this.#path, error);
    }
  }

  /** Gives the file its name, in place of one that had it before. Failures: `unwritable_file`; nothing is left then. */
  async commit(): Promise<Writing> {
    try {
      await this.#handle.close();
      await rename(this.#temporary, this.#target);
      process.off('exit', this.#removeAtExit);
      return written;
    } catch (error) {
      await this.discard();
      return unwritable(this.#path, error);
    }
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined);
    process.off('exit', this.#removeAtExit);
  }
}

/**
 * The file behind links that a path names, whether it is there or not. A folder, a device, an input, a file that may not
 * be changed and a name in a folder that is not there are refused: `unwritable_file`. Throws what the system says.
 */
export async function findReplaceable(
  path: string,
  inputs: readonly string[],
): Promise<{ readonly ok: true; readonly path: string } | Failed> {
  const status = await statusOf(path);
  if (status === undefined) {
    return findPlace(path);
  }
  if (!status.isFile()) {
    const reason = status.isDirectory() ? 'it is a folder' : 'it is not a regular file';
    return failed({ type: 'unwritable_file', path, reason });
  }
  for (const input of inputs) {
    const { dev, ino } = await stat(input);
    if (dev === status.dev && ino === status.ino) {
      return failed({ type: 'unwritable_file', path, reason: 'it is read as well' });
    }
  }
  await access(path, constants.W_OK);
  return { ok: true, path: await realpath(path) };
}

async function findPlace(path: string): Promise<{ readonly ok: true; readonly path: string } | Failed> {
  if (path === '' || path.endsWith('/')) {
    const reason = path === '' ? 'it has no name' : 'it is the name of a folder';
    return failed({ type: 'unwritable_file', path, reason });
  }
  const folder = dirname(path);
  return (await statusOf(folder)) === undefined
    ? failed({ type: 'unwritable_file', path, reason: `there is no folder ${folder}` })
    : { ok: true, path };
}

/** Nothing for what is not there. */
function statusOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
}

function unwritable(path: string, error: unknown): Failed {
  return failed({ type: 'unwritable_file', path, reason: systemReason(error) });
}
