// A journal on disk: written while the performance plays, and read to play it again.

import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open, readFile, rm } from 'node:fs/promises';
import type { Journal, JournalEvent, JournalHandOver, JournalHeader } from '../control/journal.js';
import {
  decodeJournal,
  encodeEnd,
  encodeEvent,
  encodeHandOver,
  encodeHeader,
  encodePlanLine,
  encodeReached,
} from '../control/journal.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { findReplaceable } from './replacement-file.js';
import { systemReason } from './system-error.js';

export type JournalReading = { readonly ok: true; readonly journal: Journal } | Failed;

/** Reads a journal, also one that broke off. Failures: `unreadable_file`, `invalid_journal`. */
export async function readJournal(path: string): Promise<JournalReading> {
  let text: string;
  try {
    text = await readFile(path, 'latin1');
  } catch (error) {
    return failed({ type: 'unreadable_file', path, reason: systemReason(error) });
  }
  const decoding = decodeJournal(text);
  if (!decoding.ok) {
    return failed({ type: 'invalid_journal', path, ...decoding.error });
  }
  const damaged = decoding.journal.segments.find(({ plan }) => sha256Of(plan.bytes) !== plan.sha256);
  return damaged === undefined
    ? decoding
    : failed({
        type: 'invalid_journal',
        path,
        line: damaged.planLine,
        message: 'the plan is damaged: its bytes have another SHA-256',
      });
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface JournalStart {
  readonly header: JournalHeader;
  /** As the engine loaded it. */
  readonly plan: Uint8Array;
  /** Files that are read; the journal is none of them. */
  readonly inputs: readonly string[];
  /** Told when it ends before it was asked to. */
  readonly onNotice: (text: string) => void;
}

/** Text waits at most so long before it is on its way to the disk, in milliseconds. */
const longestWait = 100;

/** How often the journal says how far the stream is, in milliseconds. */
const reachedInterval = 1000;

/** Appends to a journal. What cannot be written ends the journal at its last whole line, and the performance goes on. */
export class JournalFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #onNotice: (text: string) => void;
  readonly #timer: NodeJS.Timeout;
  /** Hashes of the plans that are in it. */
  readonly #plans: Set<string>;
  #waiting = '';
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #events = 0;
  #error: string | undefined;
  #reachedAt = 0;

  private constructor(path: string, handle: FileHandle, firstPlan: string, onNotice: (text: string) => void) {
    this.path = path;
    this.#plans = new Set([firstPlan]);
    this.#handle = handle;
    this.#onNotice = onNotice;
    this.#timer = setInterval(() => this.#flush(), longestWait / 2);
  }

  /** Makes the file anew, with its header and plan on disk. Failures: `unwritable_file`. */
  static async create(
    path: string,
    { header, plan, inputs, onNotice }: JournalStart,
  ): Promise<{ readonly ok: true; readonly file: JournalFile } | Failed> {
    try {
      const target = await findReplaceable(path, inputs);
      if (!target.ok) {
        return target;
      }
      const sha256 = sha256Of(plan);
      const text = encodeHeader(header) + encodePlanLine({ sha256, bytes: plan });
      return { ok: true, file: new JournalFile(path, await begin(target.path, text), sha256, onNotice) };
    } catch (error) {
      return failed({ type: 'unwritable_file', path, reason: systemReason(error) });
    }
  }

  /** Events that were handed over. */
  get events(): number {
    return this.#events;
  }

  /** Why no more is written. */
  get error(): string | undefined {
    return this.#error;
  }

  /** Appends events, in the order in which they were applied. */
  add(events: readonly JournalEvent[]): void {
    if (this.#error === undefined && events.length > 0) {
      this.#waiting += events.map(encodeEvent).join('');
      this.#events += events.length;
    }
  }

  /** Says that a plan has taken over; the events after it are those of that plan. */
  handOver(plan: Uint8Array, handOver: JournalHandOver): void {
    if (this.#error === undefined) {
      const sha256 = sha256Of(plan);
      this.#waiting += this.#plans.has(sha256) ? '' : encodePlanLine({ sha256, bytes: plan });
      this.#plans.add(sha256);
      this.#waiting += encodeHandOver(sha256, handOver);
    }
  }

  /** Tells how far the stream is; written now and then. */
  reach(frame: number): void {
    const now = performance.now();
    if (this.#error === undefined && frame > 0 && now - this.#reachedAt >= reachedInterval) {
      this.#reachedAt = now;
      this.#waiting += encodeReached(frame);
    }
  }

  /** Writes the end and closes the file. */
  async end(frames: number): Promise<void> {
    if (this.#error === undefined) {
      this.#waiting += encodeEnd(frames);
    }
    clearInterval(this.#timer);
    await this.#writing;
    this.#flush();
    await this.#writing;
    await this.#handle.close().catch(() => undefined);
  }

  #flush(): void {
    if (this.#isWriting || this.#waiting === '' || this.#error !== undefined) {
      return;
    }
    const text = this.#waiting;
    this.#waiting = '';
    this.#isWriting = true;
    this.#writing = this.#write(text).finally(() => {
      this.#isWriting = false;
    });
  }

  async #write(text: string): Promise<void> {
    try {
      await this.#handle.appendFile(text);
      await this.#handle.datasync();
    } catch (error) {
      this.#error = systemReason(error);
      this.#waiting = '';
      this.#onNotice(`the journal ends here: ${this.#error}; the sound goes on`);
    }
  }
}

/** A file that begins with the text, on disk. Nothing is left of one that cannot hold it. */
async function begin(path: string, text: string): Promise<FileHandle> {
  const handle = await open(path, 'w');
  try {
    await handle.appendFile(text);
    await handle.datasync();
    return handle;
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw error;
  }
}
