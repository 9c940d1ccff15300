// The terminal while the screen has it, and as it was found after that, whatever way the screen ends.

import { StringDecoder } from 'node:string_decoder';
import { KeyDecoder } from './key-decoder.js';
import type { TerminalStream } from './terminal-output.js';
import { TerminalOutput } from './terminal-output.js';

/** Alternate screen, no cursor, marks around pasted text (xterm's private modes 1049, 25, 2004). */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?2004h\u001b[2J\u001b[H';
/** The same back, in the opposite order; first ends a synchronized update and colours that were cut short. */
const leave = '\u001b[?2026l\u001b[m\u001b[?2004l\u001b[?25h\u001b[?1049l';

/** How long an escape character waits for the rest of a sequence, in milliseconds. */
const escapeWait = 40;

/** Signals that end a process and that hardly anybody listens to; SIGINT and SIGTERM are for whoever uses the terminal. */
const deadlySignals = ['SIGQUIT', 'SIGABRT', 'SIGALRM', 'SIGUSR2', 'SIGXCPU', 'SIGXFSZ'] as const;

export interface TerminalEvents {
  /** A key, by the names of `KeyDecoder`. */
  readonly onKey: (key: string) => void;
  /** The size is another, or everything must be drawn anew. */
  readonly onResize: () => void;
  /** The terminal was closed; never told while it is being taken or given back. */
  readonly onLost: () => void;
}

export interface TerminalStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: TerminalStream;
}

/** Takes the terminal; `release` gives it back. */
export class Terminal {
  readonly output: TerminalOutput;
  private readonly streams: TerminalStreams;
  private readonly events: TerminalEvents;
  private readonly keys = new KeyDecoder();
  private readonly characters = new StringDecoder('utf8');
  private readonly wasRaw: boolean;
  private escapeTimer: NodeJS.Timeout | undefined;
  private isTaken = false;
  private isReleased = false;

  constructor(streams: TerminalStreams, events: TerminalEvents) {
    this.streams = streams;
    this.events = events;
    this.output = new TerminalOutput(streams.output);
    this.wasRaw = streams.input.isRaw;
    const { input, output } = streams;
    input.on('data', this.receive).on('end', this.lose).on('error', this.lose);
    output.on('resize', this.resize).on('error', this.lose);
    process
      .on('exit', this.release)
      .on('uncaughtExceptionMonitor', this.release)
      .on('SIGHUP', this.lose)
      .on('SIGTSTP', this.pause)
      .on('SIGCONT', this.resume);
    for (const name of deadlySignals) {
      process.on(name, this.die);
    }
    this.take();
  }

  /** At least one cell; a terminal that does not know its size counts as 80 x 24. */
  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = this.streams.output;
    return { columns: columns || 80, rows: rows || 24 };
  }

  /** Gives the terminal back as it was found; again does nothing. Bound, so that it can be listened with. */
  readonly release = (): void => {
    if (this.isReleased) {
      return;
    }
    this.isReleased = true;
    const { input, output } = this.streams;
    clearTimeout(this.escapeTimer);
    this.giveBack();
    input.off('data', this.receive).off('end', this.lose);
    input.pause();
    // A terminal that is gone may tell so late, by an error that nobody else would take.
    output.off('resize', this.resize);
    process
      .off('exit', this.release)
      .off('uncaughtExceptionMonitor', this.release)
      .off('SIGHUP', this.lose)
      .off('SIGTSTP', this.pause)
      .off('SIGCONT', this.resume);
    for (const name of deadlySignals) {
      process.off(name, this.die);
    }
    this.output.close();
  };

  private take(): void {
    setRawMode(this.streams.input, true);
    this.output.write(enter);
    this.isTaken = true;
  }

  private giveBack(): void {
    if (this.isTaken) {
      this.isTaken = false;
      this.output.writeLast(leave);
      setRawMode(this.streams.input, this.wasRaw);
    }
  }

  private readonly receive = (data: Buffer | string): void => {
    clearTimeout(this.escapeTimer);
    const text = typeof data === 'string' ? data : this.characters.write(data);
    this.deliver(this.keys.push(text));
    if (this.keys.isWaiting && !this.isReleased) {
      this.escapeTimer = setTimeout(() => this.deliver(this.keys.flush()), escapeWait);
    }
  };

  private deliver(keys: readonly string[]): void {
    for (const key of keys) {
      this.events.onKey(key);
    }
  }

  private readonly resize = (): void => this.events.onResize();

  /** Node tells it in the middle of setting a mode, and drops what is thrown there. */
  private readonly lose = (): void => queueMicrotask(() => this.events.onLost());

  private readonly die = (name: NodeJS.Signals): void => {
    this.release();
    // Whoever else listens cannot tell that the signal has done nothing yet.
    process.removeAllListeners(name);
    process.kill(process.pid, name);
  };

  private readonly pause = (): void => {
    this.giveBack();
    process.kill(process.pid, 'SIGSTOP');
  };

  private readonly resume = (): void => {
    // The shell may have set its own modes meanwhile, also when only this process was stopped.
    this.take();
    this.events.onResize();
  };
}

function setRawMode(input: NodeJS.ReadStream, isRaw: boolean): void {
  try {
    input.setRawMode(isRaw);
  } catch {
    // The terminal is gone.
  }
}
