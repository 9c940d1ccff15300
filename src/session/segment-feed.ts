// Hands the events of one plan after the other to a stream that is drawn, and hands over between them on their frames.

import type { EngineFailure, EngineOutcome } from '../engine/error.js';
import { fail } from '../engine/error.js';
import type { StreamEvent } from '../engine/event.js';
import type { HandOverSettings } from '../engine/hand-over.js';
import type { AmpGraphStreamer } from '../engine/streamer.js';
import type { Feeding } from './event-feed.js';
import { EventFeed } from './event-feed.js';

/** What is played with one plan. */
export interface StreamSegment {
  /** Nothing in the first segment, whose plan the streamer was opened with. */
  readonly handOver?: SegmentHandOver;
  /** In the order of their frames; indices are those of the segment's plan. */
  readonly events: readonly StreamEvent[];
}

export interface SegmentHandOver {
  /** The first frame of the new plan. */
  readonly frame: number;
  readonly plan: Uint8Array;
  readonly settings: HandOverSettings;
}

export class SegmentFeed {
  readonly #streamer: AmpGraphStreamer;
  readonly #block: number;
  /** That are to come. */
  readonly #left: StreamSegment[];
  #feed: EventFeed;
  #takenOver: { readonly plan: number; readonly frame: number } | undefined;

  /** `block`: of the streamer, in frames. */
  constructor(streamer: AmpGraphStreamer, segments: readonly StreamSegment[], block: number) {
    const [first, ...left] = segments;
    this.#streamer = streamer;
    this.#block = block;
    this.#left = left;
    this.#feed = new EventFeed(streamer, first?.events ?? []);
  }

  /** As `EventFeed.feed`; besides, no frames are given beyond the block of a hand-over that is not prepared yet. */
  async feed(taken: number, frames: number): Promise<Feeding> {
    while (this.#nextBlock() <= taken) {
      const beginning = await this.#begin(taken);
      if (!beginning.ok) {
        return beginning;
      }
    }
    return this.#feed.feed(taken, Math.min(frames, this.#nextBlock() - taken));
  }

  /** Errors: `argument`: a plan did not take over where it was to. */
  check(): EngineOutcome {
    if (this.#takenOver === undefined) {
      return { ok: true };
    }
    const { plan, frame } = this.#takenOver;
    const finding = this.#streamer.tookOverAt(plan);
    return finding.ok && finding.frame === frame
      ? { ok: true }
      : fail('argument', `a plan did not take over at frame ${frame}; a smaller block may do it`);
  }

  /** The begin of the block in which the next plan takes over: from there on it must be prepared. */
  #nextBlock(): number {
    const frame = this.#left[0]?.handOver?.frame;
    return frame === undefined ? Number.POSITIVE_INFINITY : Math.floor(frame / this.#block) * this.#block;
  }

  async #begin(taken: number): Promise<EngineOutcome> {
    const segment = this.#left.shift();
    const handOver = segment?.handOver;
    if (segment === undefined || handOver === undefined) {
      return { ok: true };
    }
    const isSameBlock = this.#takenOver !== undefined && this.#takenOver.frame >= taken;
    const checking = isSameBlock ? blockTooLong(this.#block, handOver.frame) : this.check();
    if (!checking.ok) {
      return checking;
    }
    const preparing = await this.#streamer.prepare(handOver.plan, handOver.settings);
    if (!preparing.ok) {
      return preparing;
    }
    const { plan } = preparing;
    const events = segment.events.map((event) => eventOfPlan(event, plan));
    this.#feed = new EventFeed(this.#streamer, events);
    this.#takenOver = { plan, frame: handOver.frame };
    return this.#streamer.handOver(plan, handOver.frame);
  }
}

function blockTooLong(block: number, frame: number): EngineFailure {
  return fail(
    'argument',
    `two plans take over within one block of ${block} frames, at frame ${frame}; a smaller block fits`,
  );
}

function eventOfPlan(event: StreamEvent, plan: number): StreamEvent {
  switch (event.type) {
    case 'set_parameter':
    case 'set_edge_gain':
    case 'set_gate':
    case 'drain_node':
    case 'shed_voice':
      return { ...event, plan };
    default:
      return event;
  }
}
