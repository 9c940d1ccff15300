// The threaded streamer as the host sees it: a plan goes in, timed events go in, frames come out.

import type { AppliedEvent } from './applied-event.js';
import { appliedEventsOf } from './applied-event.js';
import type { ArenaStats } from './arena-stats.js';
import type { EngineFailure, EngineOutcome } from './error.js';
import { done, errorCodeOf, fail, outcomeOf } from './error.js';
import type { StreamEvent } from './event.js';
import type { EventPosting, NodeFinding } from './event-posting.js';
import { findNodeOf, postEvent } from './event-posting.js';
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
  /** Found no room in the queue. */
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
   * Waits, without holding up the event loop, until the node has finished all frames below `frame`. The stream goes no
   * further than it is taken. Errors: `argument`; `timeout`; `closed`, also when that happens meanwhile.
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
      const status = await native.waitNodeCompletion(node, frame, slice, drains);
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
    const status = this.#native.nodeHasCompleted(node, frame);
    return outcomeOf(status, completionMessage(status, node, frame));
  }

  /** Memory of the running plan; nothing after `close`. */
  arenaStats(): ArenaStats | undefined {
    return this.#native?.arenaStats();
  }

  /** Events that did not go as asked; nothing after `close`. */
  eventCounts(): EventCounts | undefined {
    return this.#native?.eventCounts();
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
  return status !== 0 && errorCodeOf(status) === 'timeout'
    ? `node ${node} has not finished frame ${frame} yet`
    : `the plan has no node of index ${node}, or no frame ${frame}`;
}
