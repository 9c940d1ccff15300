// Puts one patch in the place of another while a performance plays: the saved file, or another one that somebody wants.

import { resolve } from 'node:path';
import type { Tail } from '../../control/osc/command.js';
import type { CommandOutcome } from '../../control/osc/osc-server.js';
import type { HandOverSettings, LiveStreamer, Preparing } from '../../engine/live-streamer.js';
import type { Plan } from '../../plan/plan.js';
import type { ControlThread, PatchWish } from '../control/control-thread.js';
import type { Failure } from '../failure.js';
import { failureTexts } from '../failure-text.js';
import type { ScheduleChoice } from '../schedule-choice.js';
import { filesOfChoice } from '../schedule-choice.js';
import type { HandOverStatus, RefusalStatus } from '../status.js';
import type { CompiledPatch } from './compile-messages.js';
import { FileWatch } from './file-watch.js';
import { PatchCompiler } from './patch-compiler.js';

export interface PatchChangesOptions {
  readonly streamer: LiveStreamer;
  readonly control: Pick<ControlThread, 'handOver' | 'onWish'>;
  /** Of the patch that plays at the beginning. */
  readonly path: string;
  /** In place of what a patch says; a file is for the patch of `path` alone. */
  readonly schedule?: ScheduleChoice | undefined;
  /** Whether the files of the patch that plays are watched, and taken when they are saved. */
  readonly watches: boolean;
  /** What an old plan does, unless a wish says otherwise. */
  readonly tail: Tail;
  /** Called before a plan can take over, with its number. */
  readonly onPrepared: (plan: number, path: string, made: Plan) => void;
  readonly onNotice: (text: string) => void;
}

interface Change {
  readonly kind: HandOverStatus['kind'];
  readonly path: string;
  readonly settings: HandOverSettings;
  readonly frame: number;
}

/** Frames from one hand-over to the next: the longest block, so that a journal can be rendered with blocks of any length. */
const leastDistance = 4096;

/** Milliseconds. `wish`: how long a wish is remembered that was refused; nobody mends it. */
const timing = { busy: 50, longestBusy: 10_000, retire: 500, wish: 30_000 } as const;

/** Nobody waits for more patches than these. */
const mostWishes = 8;

const crossfadeSeconds = 0.03;
/** How long an old plan rings at most until its last note has rung out. */
const longestRing = 30;

/** Takes wishes from its construction to `close`. */
export class PatchChanges {
  readonly #options: PatchChangesOptions;
  readonly #compiler = new PatchCompiler();
  readonly #retiring: NodeJS.Timeout;
  /** One change after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #watches: readonly FileWatch[] = [];
  #isReloadWaiting = false;
  #wishes = 0;
  #isClosed = false;
  #hasOldPlans = false;
  #path: string;
  /** Of the files that play, once they were looked at. */
  #hash: string | undefined;
  #refusedHash: string | undefined;
  #refusal: RefusalStatus | undefined;
  #refusedAt = 0;
  #handOver: HandOverStatus | undefined;
  #count = 0;

  constructor(options: PatchChangesOptions) {
    this.#options = options;
    this.#path = options.path;
    options.control.onWish((wish) => this.#grant(wish));
    this.#retiring = setInterval(() => this.#retire(), timing.retire);
    this.#retiring.unref();
  }

  /** Begins to watch the files that play, if they are to be watched; `hash` is theirs when they were compiled. */
  watch(hash: string): void {
    this.#hash = hash;
    this.#rewatch();
  }

  /** Hand-overs since the start, and the last of them. */
  get handOvers(): { readonly count: number; readonly last: HandOverStatus | undefined } {
    return { count: this.#count, last: this.#handOver };
  }

  /** Why the last change was none; nothing once it is mended, and for half a minute where somebody wanted another patch. */
  get refusal(): RefusalStatus | undefined {
    const isOld = this.#refusal?.kind === 'replace' && performance.now() - this.#refusedAt > timing.wish;
    return isOld ? undefined : this.#refusal;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#retiring);
    this.#unwatch();
    await this.#compiler.close();
  }

  #rewatch(): void {
    this.#unwatch();
    if (this.#options.watches && !this.#isClosed) {
      const paths = [this.#path, ...filesOfChoice(this.#scheduleOf(this.#path))];
      this.#watches = paths.map((path) => new FileWatch(path, () => this.#reload()));
    }
  }

  #unwatch(): void {
    for (const watch of this.#watches) {
      watch.close();
    }
    this.#watches = [];
  }

  /** A file with a schedule names the nodes of one patch. */
  #scheduleOf(path: string): ScheduleChoice | undefined {
    const { schedule, path: first } = this.#options;
    return schedule?.type === 'file' && resolve(path) !== resolve(first) ? undefined : schedule;
  }

  async #grant({ path, tail = this.#options.tail, frame }: PatchWish): Promise<CommandOutcome> {
    if (this.#wishes >= mostWishes) {
      return { ok: false, message: `${mostWishes} patches wait for their turn already` };
    }
    this.#wishes += 1;
    try {
      const change: Change = { kind: 'replace', path, settings: ringing(tail), frame };
      return await this.#enqueue(() => this.#change(change));
    } finally {
      this.#wishes -= 1;
    }
  }

  #reload(): void {
    if (this.#isReloadWaiting) {
      return;
    }
    this.#isReloadWaiting = true;
    void this.#enqueue(() => {
      this.#isReloadWaiting = false;
      const settings: HandOverSettings = { kind: 'reload', crossfadeSeconds, ringSeconds: 0 };
      return this.#change({ kind: 'reload', path: this.#path, settings, frame: 0 });
    });
  }

  #enqueue<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #change(change: Change): Promise<CommandOutcome> {
    const { kind, path } = change;
    const { sampleRate } = this.#options.streamer;
    const known = kind === 'reload' ? this.#hash : undefined;
    const outcome = await this.#compiler.compile({ path, sampleRate, schedule: this.#scheduleOf(path), known });
    switch (outcome.type) {
      case 'known':
        this.#clearRefusal();
        return { ok: true, frame: this.#handOver?.frame ?? 0 };
      case 'failed':
        return this.#refuse(change, outcome.failure, outcome.hash);
      case 'compiled':
        return this.#hand(change, outcome.compiled, outcome.hash);
    }
  }

  async #hand(change: Change, compiled: CompiledPatch, hash: string): Promise<CommandOutcome> {
    const { streamer, control, onPrepared, onNotice } = this.#options;
    const { kind, path, settings } = change;
    const preparing = await this.#prepare(compiled.bytes, settings);
    if (!preparing.ok) {
      return this.#refuse(change, { type: 'engine', error: preparing.error }, hash);
    }
    const { plan } = preparing;
    onPrepared(plan, path, compiled.plan);
    const earliest = this.#handOver === undefined ? 0 : this.#handOver.frame + leastDistance;
    const outcome = await control.handOver({
      plan,
      bytes: compiled.bytes,
      settings,
      patch: compiled.content,
      frame: Math.max(change.frame, earliest),
    });
    if (!outcome.ok) {
      return outcome;
    }
    const isOther = path !== this.#path;
    this.#path = path;
    this.#hash = hash;
    this.#refusal = undefined;
    this.#refusedHash = undefined;
    this.#count += 1;
    this.#hasOldPlans = true;
    this.#handOver = { kind, path, frame: outcome.frame, seconds: outcome.frame / streamer.sampleRate };
    if (isOther) {
      this.#rewatch();
    }
    onNotice(`${path} ${kind === 'reload' ? 'is taken as it was saved' : 'plays now'}, from frame ${outcome.frame} on`);
    return outcome;
  }

  /** Old plans end by and by: what is refused because too many ring is tried again. */
  async #prepare(bytes: Uint8Array, settings: HandOverSettings): Promise<Preparing> {
    for (const end = performance.now() + timing.longestBusy; ; await pause(timing.busy)) {
      const preparing = await this.#options.streamer.prepare(bytes, settings);
      const isBusy = !preparing.ok && preparing.error.code === 'busy';
      if (!isBusy || performance.now() > end || this.#isClosed) {
        return preparing;
      }
    }
  }

  #refuse({ kind, path }: Change, failure: Failure, hash: string | undefined): CommandOutcome {
    const reasons = failureTexts(failure);
    const message = `${reasons[0] ?? path}${reasons.length > 1 ? `; and ${reasons.length - 1} more` : ''}`;
    const isNews = hash === undefined || hash !== this.#refusedHash;
    this.#refusal = { kind, path, reasons };
    this.#refusedAt = performance.now();
    this.#refusedHash = hash;
    if (isNews && !this.#isClosed) {
      this.#options.onNotice(`${message}; what played goes on`);
    }
    return { ok: false, message };
  }

  #clearRefusal(): void {
    if (this.#refusal?.kind === 'reload') {
      this.#refusal = undefined;
      this.#refusedHash = undefined;
      this.#options.onNotice(`${this.#path} is what plays again`);
    }
  }

  /** Not while another plan is prepared: the control thread would wait for it. */
  #retire(): void {
    if (this.#hasOldPlans) {
      this.#hasOldPlans = false;
      void this.#enqueue(async () => {
        this.#hasOldPlans = (await this.#options.streamer.retire()) > 1;
      });
    }
  }
}

function ringing(tail: Tail): HandOverSettings {
  return tail === 'last-note'
    ? { kind: 'after_last_note', crossfadeSeconds, ringSeconds: longestRing }
    : { kind: 'after_time', crossfadeSeconds, ringSeconds: tail };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
