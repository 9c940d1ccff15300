// Hands the events of a score to a streamer in time, though its queue is smaller than a score.

import type { EngineFailure } from '../engine/error.js';
import type { StreamEvent } from '../engine/event.js';
import type { AmpGraphStreamer } from '../engine/streamer.js';

/** No block is longer, so a take seals fewer frames than this beyond its own. */
const longestBlock = 4096;

export type Feeding = { readonly ok: true; readonly frames: number } | EngineFailure;

export class EventFeed {
  readonly #streamer: AmpGraphStreamer;
  /** In the order of their frames. */
  readonly #events: readonly StreamEvent[];
  #posted = 0;

  constructor(streamer: AmpGraphStreamer, events: readonly StreamEvent[]) {
    this.#streamer = streamer;
    this.#events = events;
  }

  /**
   * Posts what the next `frames` frames need once `taken` frames were taken. The answer is how many frames may be taken
   * now: fewer where the queue is full, so that a take makes room before the rest is due.
   */
  feed(taken: number, frames: number): Feeding {
    const horizon = taken + frames + longestBlock;
    for (let next = this.#next(); next !== undefined && next.frame < horizon; next = this.#next()) {
      const outcome = this.#streamer.post(next);
      if (outcome.ok) {
        this.#posted += 1;
      } else if (outcome.error.code === 'full') {
        return { ok: true, frames: Math.min(frames, Math.max(1, next.frame - longestBlock - taken)) };
      } else {
        return outcome;
      }
    }
    return { ok: true, frames };
  }

  #next(): StreamEvent | undefined {
    return this.#events[this.#posted];
  }
}
