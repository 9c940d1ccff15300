// Writes to the terminal without ever waiting for it.

import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** How long a terminal that takes nothing is tried again when what was written matters, in milliseconds. */
const patience = 300;
const betweenTries = 5;
/** Ends an escape sequence that was cut short (ECMA-48: CAN). */
const cancelSequence = '\u0018';

export type TerminalStream = NodeJS.WriteStream & { readonly fd: number };

/**
 * A terminal over a slow line may take nothing for seconds. Node's own `process.stdout` would stand still with it, and
 * everything else of this process too. So the terminal is opened a second time, in a way that a write takes what finds
 * room and comes back; the rest is kept for the next try, and nobody draws meanwhile.
 */
export class TerminalOutput {
  private readonly stream: TerminalStream;
  private descriptor: number | undefined;
  private waiting: Buffer = Buffer.alloc(0);
  private hasGone = false;

  constructor(stream: TerminalStream) {
    this.stream = stream;
    this.descriptor = openAgain(stream);
  }

  /** Whether the terminal has taken all that was written. */
  get isFree(): boolean {
    this.push();
    return this.waiting.length === 0;
  }

  /** Whether the terminal is gone: writes fail. */
  get isLost(): boolean {
    return this.hasGone;
  }

  write(text: string): void {
    if (this.hasGone) {
      return;
    }
    if (this.descriptor === undefined) {
      this.stream.write(text);
      return;
    }
    const bytes = Buffer.from(text);
    this.waiting = this.waiting.length === 0 ? bytes : Buffer.concat([this.waiting, bytes]);
    this.push();
  }

  /** Writes text instead of what still waits, and tries for a while; for the end, when nothing comes after. */
  writeLast(text: string): void {
    const wasCut = this.waiting.length > 0;
    this.waiting = Buffer.alloc(0);
    this.write(wasCut ? cancelSequence + text : text);
    const clock = new Int32Array(new SharedArrayBuffer(4));
    for (let tried = 0; tried < patience && !this.isFree; tried += betweenTries) {
      Atomics.wait(clock, 0, 0, betweenTries);
    }
  }

  close(): void {
    if (this.descriptor !== undefined) {
      closeSync(this.descriptor);
      this.descriptor = undefined;
    }
    this.hasGone = true;
    this.waiting = Buffer.alloc(0);
  }

  private push(): void {
    while (this.waiting.length > 0 && this.descriptor !== undefined && !this.hasGone) {
      try {
        this.waiting = this.waiting.subarray(writeSync(this.descriptor, this.waiting));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
          return;
        }
        this.hasGone = true;
        this.waiting = Buffer.alloc(0);
      }
    }
  }
}

/** Nothing if the system does not allow it, as after `su`; then the stream itself must do. */
function openAgain(stream: TerminalStream): number | undefined {
  try {
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    return openSync(`/proc/self/fd/${stream.fd}`, flags);
  } catch {
    return undefined;
  }
}
