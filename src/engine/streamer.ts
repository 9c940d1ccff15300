// The threaded streamer as the host sees it: a plan goes in, timed events go in, frames come out.

import type { AppliedEvent } from './applied-event.js';
import { appliedEventsOf } from './applied-event.js';
import type { ArenaStats } from './arena-stats.js';
import type { EngineFailure, EngineOutcome } from './error.js';
import { done, errorCodeOf, fail, outcomeOf } from './error.js';
import type { StreamEvent } from './event.js';
import type { EventPosting, NodeFinding } from './event-posting.js';
import { findNodeOf, postEvent } from './event-posting.js';
import type { FusedCohort } from './fused-cohort.js';
import type { HandOverSettings, Preparing, TakeoverFinding } from './hand-over.js';
import { handOverTo, preparePlan, takeoverOf } from './hand-over.js';
import type { GroupHeat } from './heat.js';
import { groupHeatsOf } from './heat.js';
import type { NativeStreamer } from './native.js';
import { loadNative } from './native.js';

export interface StreamerSettings {
  /** Frames, 1 to 4096. */
  readonly block: number;
  /** Threads that compute, 1 to 64. */
  readonly workers: number;
  /** Whether applied events are kept for `appliedEvents`; they must be read then. Off by default. */
  readonly journal?: boolean;
}

export interface EventCounts {
  /** Came for a frame that was sealed, and were moved to the next block. */
  readonly late: number;
  /** Found no room in the queue, or nothing to set in the plan that played at their frame. */
  readonly lost: number;
}

export type StreamerOpening = { readonly ok: true; readonly streamer: AmpGraphStreamer } | EngineFailure;

/**
 * Checks a plan, builds it and starts its workers; no frame is made yet. Errors: `missing`, `plan` with the offset or
 * the name at fault, `argument`, `unsupported`, `memory`, `thread`.
 */
export function openStreamer(plan: Uint8Array, { block, workers, journal = false }: StreamerSettings): StreamerOpening {
  const loading = loadNative();
  if (!loading.ok) {
    return loading;
  }
  for (const [name, value] of Object.entries({ block, workers })) {
    if (!Number.isInteger(value) || Math.abs(value) > 0x7fff_ffff) {
      return fail('argument', `${name} ${value}: a whole number fits`);
    }
  }
  const native = new loading.addon.Streamer(plan, { block, workers, journal });
  return native.failure === null
    ? { ok: true, streamer: new AmpGraphStreamer(native) }
    : fail(errorCodeOf(native.failure.status), native.failure.message);
}

const nanosecondsInMillisecond = 1_000_000;

/** Node lends its thread pool to a wait in slices, so that many waits cannot keep `take` from running. */
const longestWaitSlice = 20;

/** One running plan. After `close` every call answers with the error `closed`. */
export class AmpGraphStreamer {
  /** Channels of the output. */
  readonly channels: number;
  /** Frames by which the output is later than the stream: output frame n is stream frame n - latency. */
  readonly latency: number;
  #native: NativeStreamer | undefined;
  #isTaking = false;

  /** Use `openStreamer`. */
  constructor(native: NativeStreamer) {
    this.#native = native;
    this.channels = native.channels;
    this.latency = native.latency;
  }

  /**
   * Fills `samples` with the next frames, channels side by side in each frame, and lets the stream go on. Resolves when
   * they are made; until then the array belongs to the engine, and no second `take` may begin.
   */
  async take(samples: Float32Array): Promise<EngineOutcome> {
    if (this.#native === undefined) {
      return closed();
    }
    if (this.#isTaking) {
      return fail('argument', 'take: another take is under way');
    }
    if (samples.length % this.channels !== 0) {
      return fail('argument', `take: ${samples.length} samples are not whole frames of ${this.channels} channels`);
    }
    if (samples.length === 0) {
      return done;
    }
    this.#isTaking = true;
    try {
      return outcomeOf(await this.#native.take(samples, -1), 'take: the engine gave no frames');
    } finally {
      this.#isTaking = false;
    }
  }

  /**
   * Hands over an event; events of one frame apply in the order in which they were handed over, which their sequences
   * tell. Errors: `argument`; `full`: the event was not taken, since 16384 wait already.
   */
  post(event: StreamEvent): EventPosting {
    return this.#native === undefined ? closed() : postEvent(this.#native, event);
  }

  /**
   * The events that were applied since the last call, in their order; none without the setting `journal`. Posted in this
   * order to a streamer of any block and workers they give the same frames.
   */
  appliedEvents(): readonly AppliedEvent[] {
    return this.#native === undefined ? [] : appliedEventsOf(this.#native.appliedEvents());
  }

  /** The index of the node that the patch calls `id`. Errors: `not_found`. */
  findNode(id: string): NodeFinding {
    return this.#native === undefined ? closed() : findNodeOf(this.#native, id);
  }

  /**
   * Waits, without holding up the event loop, until the node of the present plan has finished all frames below `frame`. The
   * stream goes no further than it is taken. Errors: `argument`; `timeout`; `closed`, also when that happens meanwhile;
   * `not_found` when another plan has taken over and this one has sounded out before it came so far.
   */
  waitNodeCompletion(node: number, frame: number, timeoutMilliseconds: number): Promise<EngineOutcome> {
    return this.#completion(node, frame, timeoutMilliseconds, false);
  }

  /**
   * Ends what enters the node's component, from `frame` or the next frame that is not sealed on, and waits, without holding up the
   * event loop, until all that rang on in it is over. It stays so until an event `drain_node` lets it go on. What never ends is
   * not waited for any longer than the time-out: a loop, an endless tail. Errors: as `waitNodeCompletion`; `full`.
   */
  drainNode(node: number, frame: number, timeoutMilliseconds: number): Promise<EngineOutcome> {
    return this.#completion(node, frame, timeoutMilliseconds, true);
  }

  async #completion(node: number, frame: number, timeoutMilliseconds: number, drains: boolean): Promise<EngineOutcome> {
    const end = performance.now() + timeoutMilliseconds;
    // The node is one of the plan that plays now, whatever takes over while somebody waits.
    const plan = this.presentPlan();
    for (;;) {
      const native = this.#native;
      if (native === undefined) {
        return closed();
      }
      const unfit = findUnfitIndex(node, frame);
      if (unfit !== undefined) {
        return unfit;
      }
      const left = Math.max(0, end - performance.now());
      const slice = Math.ceil(Math.min(left, longestWaitSlice) * nanosecondsInMillisecond);
      const status = await native.waitNodeCompletion(plan, node, frame, slice, drains);
      const outcome = outcomeOf(status, completionMessage(status, node, frame));
      const isOver = outcome.ok || outcome.error.code !== 'timeout' || performance.now() >= end;
      if (isOver) {
        return outcome;
      }
    }
  }

  /** Whether the node has finished all frames below `frame`; answers at once: `timeout` if it has not. */
  pollNodeCompletion(node: number, frame: number): EngineOutcome {
    if (this.#native === undefined) {
      return closed();
    }
    const unfit = findUnfitIndex(node, frame);
    if (unfit !== undefined) {
      return unfit;
    }
    const status = this.#native.nodeHasCompleted(this.presentPlan(), node, frame);
    return outcomeOf(status, completionMessage(status, node, frame));
  }

  /** Memory of the running plan; nothing after `close`. */
  arenaStats(): ArenaStats | undefined {
    return this.#native?.arenaStats();
  }

  /** Of each tap group of the present plan, in its order; nothing after `close`. */
  heat(): readonly GroupHeat[] {
    return this.#native === undefined ? [] : groupHeatsOf(this.#native.heat());
  }

  /** What of the present plan runs as one, because its schedule says so; nothing after `close`. */
  fusedCohorts(): readonly FusedCohort[] {
    return this.#native === undefined ? [] : (JSON.parse(this.#native.cohortsJson()) as readonly FusedCohort[]);
  }

  /** Events that did not go as asked; nothing after `close`. */
  eventCounts(): EventCounts | undefined {
    return this.#native?.eventCounts();
  }

  /**
   * Makes a plan ready to take over, on another thread; what plays does not change. A plan that was prepared before and not
   * handed over to is dropped. Errors: `plan` with the offset or the name at fault; `argument` if it does not fit the stream;
   * `memory`; `busy` while the hand-over before waits for its frame, or too many plans ring out.
   */
  async prepare(plan: Uint8Array, settings: HandOverSettings): Promise<Preparing> {
    return this.#native === undefined ? closed() : preparePlan(this.#native, plan, settings);
  }

  /**
   * Hands over to the plan that was prepared, at stream frame `frame`; if that is made already, at the first that is not, and in
   * the crossfade of the hand-over before it after that. From then on events go to the new plan; the old one gets what ends its
   * notes. Not while a `prepare` or `retire` is under way. Errors: `argument` unless the plan waits to take over.
   */
  handOver(plan: number, frame: number): EngineOutcome {
    return this.#native === undefined ? closed() : handOverTo(this.#native, plan, frame);
  }

  /** Errors: `not_found` when the plan has sounded out and was freed, or never was. */
  tookOverAt(plan: number): TakeoverFinding {
    return this.#native === undefined ? closed() : takeoverOf(this.#native, plan);
  }

  /** The number of the plan that events go to; 0 after `close`. */
  presentPlan(): number {
    return this.#native?.presentPlan() ?? 0;
  }

  /** Frees the plans that are not heard any more, on another thread; answers how many are left. */
  async retire(): Promise<number> {
    return (await this.#native?.retire()) ?? 0;
  }

  /** Stops the workers and frees the plan, once calls that are under way have ended. */
  close(): void {
    this.#native?.close();
    this.#native = undefined;
  }
}

function closed(): EngineFailure {
  return fail('closed', 'the streamer is closed');
}

function findUnfitIndex(node: number, frame: number): EngineFailure | undefined {
  if (!Number.isInteger(node) || node < 0 || node > 0xffff_ffff) {
    return fail('argument', `node ${node}: an index from findNode fits`);
  }
  return Number.isSafeInteger(frame) ? undefined : fail('argument', `frame ${frame}: a whole number fits`);
}

function completionMessage(status: number, node: number, frame: number): string {
  switch (status === 0 ? undefined : errorCodeOf(status)) {
    case 'timeout':
      return `node ${node} has not finished frame ${frame} yet`;
    case 'not_found':
      return `the plan of node ${node} has ended: another one took over before frame ${frame}`;
    default:
      return `the plan has no node of index ${node}, or no frame ${frame}`;
  }
}
