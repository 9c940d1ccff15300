// The program amp_device as a child process: the only place where calls of PortAudio happen, because they may never
// return. Whoever does not answer is killed, and nothing that it prints reaches the terminal.

import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { packageRoot } from '../../engine/package-root.js';

/** One JSON object that the program printed. */
export type DeviceMessage = Readonly<Record<string, unknown>>;

/** How long it may take to look for devices or to open one, in milliseconds. The environment lengthens it for emulators. */
export function answerTime({ AMP_DEVICE_ANSWER_SECONDS }: NodeJS.ProcessEnv = process.env): number {
  const seconds = Number(AMP_DEVICE_ANSWER_SECONDS);
  return seconds > 0 ? seconds * 1000 : 5000;
}

/** How long it may take to leave by itself, in milliseconds: a file is closed, a server is told. */
const leavingTime = 1000;

export class DeviceProgram {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: DeviceMessage[] = [];
  #listener: ((message: DeviceMessage) => void) | undefined;
  /** Resolves when the program has ended, with why. */
  readonly ended: Promise<string>;
  #hasEnded = false;

  /** Starts the program with these arguments. */
  constructor(args: readonly string[], program = join(packageRoot(), 'build', 'Release', 'amp_device')) {
    this.#child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      // A server that is not there is not to be started.
      env: { ...process.env, JACK_NO_START_SERVER: '1' },
    });
    // Writing to a program that has ended fails; its end is told elsewhere.
    this.#child.stdin.on('error', () => undefined);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line));
    this.ended = new Promise((resolve) => {
      const end = (reason: string) => {
        this.#hasEnded = true;
        resolve(reason);
      };
      this.#child.once('error', (error) => end(`${program} does not run: ${error.message}`));
      this.#child.once('close', (code, signal) => end(`its program ended (${signal ?? `exit code ${code}`})`));
    });
  }

  /** The process id; nothing for a program that does not run. */
  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** Called with what it prints from now on, and with what nobody has heard yet. */
  listen(listener: (message: DeviceMessage) => void): void {
    this.#listener = listener;
    for (const message of this.#waiting.splice(0)) {
      listener(message);
    }
  }

  /** The next that it prints, or why that did not come; it is killed if it takes too long. */
  async answer(): Promise<{ readonly ok: true; readonly message: DeviceMessage } | { ok: false; reason: string }> {
    const time = answerTime();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        new Promise<{ ok: true; message: DeviceMessage }>((resolve) => {
          this.#hearOne((message) => resolve({ ok: true, message }));
        }),
        this.ended.then((reason) => ({ ok: false as const, reason })),
        new Promise<{ ok: false; reason: string }>((resolve) => {
          timer = setTimeout(() => {
            this.kill();
            resolve({ ok: false, reason: `the sound system did not answer within ${time / 1000} s` });
          }, time);
        }),
      ]);
    } finally {
      clearTimeout(timer);
      this.#listener = undefined;
    }
  }

  /** Gives it one line. */
  tell(line: string): void {
    if (!this.#hasEnded) {
      this.#child.stdin.write(`${line}\n`);
    }
  }

  /** Ends it at once. */
  kill(): void {
    if (!this.#hasEnded) {
      this.#child.kill('SIGKILL');
    }
  }

  /** Asks it to leave, and kills it if it does not. */
  async close(): Promise<void> {
    this.#listener = () => undefined;
    if (!this.#hasEnded) {
      this.#child.stdin.end();
    }
    const timer = setTimeout(() => this.kill(), leavingTime);
    await this.ended;
    clearTimeout(timer);
  }

  #hearOne(listener: (message: DeviceMessage) => void): void {
    const [first] = this.#waiting.splice(0, 1);
    if (first !== undefined) {
      listener(first);
      return;
    }
    this.#listener = (message) => {
      this.#listener = undefined;
      listener(message);
    };
  }

  #hear(line: string): void {
    const message = readMessage(line);
    if (message === undefined) {
      return;
    }
    if (this.#listener === undefined) {
      this.#waiting.push(message);
    } else {
      this.#listener(message);
    }
  }
}

/** What a library prints in between is no message. */
function readMessage(line: string): DeviceMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
