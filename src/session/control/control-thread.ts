// The main thread's side of the control thread, in which MIDI, OSC, keys, the MIDI file and the journal live.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { MidiFile } from '../../control/midi-file.js';
import type { CommandOutcome } from '../../control/osc/osc-server.js';
import type { StatusReport } from '../../control/osc/status-feed.js';
import { packageRoot } from '../../engine/package-root.js';
import type { Failed } from '../failure.js';
import { failed } from '../failure.js';
import type { PatchWish } from './control-desk.js';
import type { ControlReply, ControlRequest, HandOverOrder } from './control-messages.js';
import type { ControlStatus, JournalStatus } from './control-status.js';

export type { StatusReport } from '../../control/osc/status-feed.js';

import type { PatchContent } from '../../patch/patch-content.js';

export type { PatchWish } from './control-desk.js';
export type { HandOverOrder } from './control-messages.js';
export type { ControlStatus } from './control-status.js';

export interface ControlThreadOptions {
  /** Of the `LiveStreamer` that plays the plan. */
  readonly handle: number;
  /** The patch that the plan was compiled from. */
  readonly patch: { readonly path: string; readonly content: PatchContent };
  /** Frames in a second, for which the plan was compiled. */
  readonly sampleRate: number;
  /** A MIDI file to play until the first live note. */
  readonly midiPath?: string | undefined;
  /** What was read from there already: a pipe can be read only once. */
  readonly midiFile?: MidiFile | undefined;
  /** Whether the MIDI file begins anew at its end. */
  readonly loop: boolean;
  /** Names, or parts of names, of the MIDI inputs to open; without it all but "Midi Through". */
  readonly midiPorts?: readonly string[] | undefined;
  /** 0: any that is free; `null`: no OSC. */
  readonly oscPort: number | null;
  /** The address to listen at, such as 127.0.0.1. */
  readonly oscBind: string;
  readonly journal?:
    | {
        readonly path: string;
        /** As the engine loaded it. */
        readonly plan: Uint8Array;
        readonly workers: number;
      }
    | undefined;
}

export interface ControlEnding {
  /** Of the journal, if one was written. */
  readonly journal?: JournalStatus | undefined;
}

export interface ControlThread {
  /** A key of the computer was pressed: a character, or one of `namedKeys`. */
  key(name: string): void;
  /** Releases all notes and pedals, and stops the MIDI file. */
  panic(): void;
  /** What OSC subscribers are to be told from now on. */
  report(status: StatusReport): void;
  /**
   * Hands over to a plan that is prepared; from its first frame on all that is played means what its patch says. Resolves once it
   * has taken over, with the frame. One at a time.
   */
  handOver(order: HandOverOrder): Promise<CommandOutcome>;
  /** Called with each wish for another patch; answers what became of it. */
  onWish(callback: (wish: PatchWish) => Promise<CommandOutcome>): void;
  /** The last snapshot. */
  status(): ControlStatus;
  /** Called with each snapshot, some 20 a second. The last callback holds. */
  onStatus(callback: (status: ControlStatus) => void): void;
  /** Called with sentences for the performer, such as that a MIDI port came back; at once with those that were missed. */
  onNotice(callback: (text: string) => void): void;
  /** Ends the thread. `frames` is the length of the performance in stream frames, which the journal ends with. */
  stop(frames: number): Promise<ControlEnding>;
}

/**
 * Starts the thread. MIDI or OSC that is missing stops nothing; the status says what is missing. Failures:
 * `unreadable_file`, `invalid_midi_file`, `unwritable_file` (the journal), `engine`.
 */
export async function startControlThread(
  options: ControlThreadOptions,
): Promise<{ readonly ok: true; readonly thread: ControlThread } | Failed> {
  const thread = new WorkerControlThread(new Worker(workerPath(), { workerData: options }));
  const failure = await thread.started;
  return failure === undefined ? { ok: true, thread } : failure;
}

/** Beside this file once it is compiled; tests run from the sources, and the thread from what was compiled of them. */
function workerPath(): string {
  const beside = fileURLToPath(new URL('./control-worker.js', import.meta.url));
  return existsSync(beside) ? beside : join(packageRoot(), 'dist', 'src', 'session', 'control', 'control-worker.js');
}

/** How long the thread may take to write the end of the journal and to close its ports, in milliseconds. */
const longestEnding = 5000;

class WorkerControlThread implements ControlThread {
  /** Resolves once the thread plays, or with why it does not. */
  readonly started: Promise<Failed | undefined>;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  #isOver = false;
  #status = noStatus;
  #onStatus: (status: ControlStatus) => void = () => undefined;
  #onNotice: ((text: string) => void) | undefined;
  #untold: string[] = [];
  /** Orders whose end nobody has told yet, by plan. */
  readonly #orders = new Map<number, (outcome: CommandOutcome) => void>();
  #onWish: (wish: PatchWish) => Promise<CommandOutcome> = async () => notReady;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.started = new Promise((resolve) => {
      worker.on('message', (reply: ControlReply) => {
        if (reply.type === 'started' || reply.type === 'failed') {
          resolve(reply.type === 'failed' ? failed(reply.failure) : undefined);
        }
        this.#hear(reply);
      });
      worker.on('error', (error: Error) => {
        this.#lose(error.message);
        const message = `the control thread does not start: ${error.message}`;
        resolve(failed({ type: 'engine', error: { code: 'thread', message } }));
      });
    });
    this.#ended = new Promise((resolve) => {
      worker.on('exit', () => {
        this.#isOver = true;
        for (const plan of [...this.#orders.keys()]) {
          this.#settle(plan, threadIsOver);
        }
        resolve();
      });
    });
  }

  key(name: string): void {
    this.#ask({ type: 'key', name, arrival: process.hrtime.bigint() });
  }

  panic(): void {
    this.#ask({ type: 'panic', arrival: process.hrtime.bigint() });
  }

  report(status: StatusReport): void {
    this.#ask({ type: 'report', status });
  }

  handOver(order: HandOverOrder): Promise<CommandOutcome> {
    return this.#isOver
      ? Promise.resolve(threadIsOver)
      : new Promise((resolve) => {
          this.#orders.set(order.plan, resolve);
          this.#ask({ type: 'hand_over', order });
        });
  }

  onWish(callback: (wish: PatchWish) => Promise<CommandOutcome>): void {
    this.#onWish = callback;
  }

  status(): ControlStatus {
    return this.#status;
  }

  onStatus(callback: (status: ControlStatus) => void): void {
    this.#onStatus = callback;
  }

  onNotice(callback: (text: string) => void): void {
    this.#onNotice = callback;
    const untold = this.#untold;
    this.#untold = [];
    for (const text of untold) {
      callback(text);
    }
  }

  async stop(frames: number): Promise<ControlEnding> {
    this.#ask({ type: 'stop', frames });
    const patience = setTimeout(() => {
      this.#lose('it did not end');
      void this.#worker.terminate();
    }, longestEnding);
    await this.#ended;
    clearTimeout(patience);
    const { journal } = this.#status;
    return journal === undefined ? {} : { journal };
  }

  #ask(request: ControlRequest): void {
    if (!this.#isOver) {
      this.#worker.postMessage(request);
    }
  }

  #hear(reply: ControlReply): void {
    switch (reply.type) {
      case 'started':
      case 'status':
      case 'stopped':
        this.#status = reply.status;
        this.#onStatus(reply.status);
        return;
      case 'notice':
        this.#tell(reply.text);
        return;
      case 'handed_over':
        this.#settle(reply.plan, reply.outcome);
        return;
      case 'wish':
        void this.#onWish(reply.wish).then((outcome) => {
          this.#ask({ type: 'answer', wish: reply.number, outcome });
        });
        return;
      case 'failed':
        return;
    }
  }

  #settle(plan: number, outcome: CommandOutcome): void {
    this.#orders.get(plan)?.(outcome);
    this.#orders.delete(plan);
  }

  /** The thread broke down: the sound goes on without it. */
  #lose(reason: string): void {
    const { journal, midi, osc, ...rest } = this.#status;
    this.#status = {
      ...rest,
      midi: { ...midi, available: false, reason: `the control thread broke down: ${reason}` },
      osc: { ...osc, isOpen: false, reason: `the control thread broke down: ${reason}` },
      ...(journal === undefined ? {} : { journal: { error: `the control thread broke down: ${reason}`, ...journal } }),
    };
    this.#tell(`the control thread broke down: ${reason}; MIDI, OSC and keys play no more`);
    this.#onStatus(this.#status);
  }

  #tell(text: string): void {
    if (this.#onNotice === undefined) {
      this.#untold.push(text);
    } else {
      this.#onNotice(text);
    }
  }
}

const notReady: CommandOutcome = { ok: false, message: 'the performance is only beginning' };
const threadIsOver: CommandOutcome = { ok: false, message: 'the control thread has ended' };

/** Until the thread has told one. */
const noStatus: ControlStatus = {
  midi: { available: false, ports: [] },
  osc: { isOpen: false, address: '', port: 0, packets: 0, malformed: 0, dropped: 0, subscribers: 0 },
  notes: { held: 0 },
};
