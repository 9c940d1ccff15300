// Gives control events their frames and hands them to the streamer, in an order that holds.

import type { ControlEvent } from '../../control/control-event.js';
import type { StreamEvent } from '../../engine/event.js';
import type { LiveStreamer } from '../../engine/live-streamer.js';

/** What is needed of a live streamer. */
export type EventTarget = Pick<LiveStreamer, 'post' | 'eventFrame'>;

export type Posting =
  | { readonly ok: true; readonly sequence: number }
  | { readonly ok: false; readonly message: string };

/** Releases that found no room wait here; more than that cannot be down. */
const mostWaiting = 4096;

export class EventPoster {
  readonly #target: EventTarget;
  /** By line: the frame of its last event. */
  readonly #lastFrames = new Map<string, number>();
  #waiting: StreamEvent[] = [];
  #latestFrame = 0;
  /** To which the indices in events belong. */
  #plan: number;

  /** `plan`: the number of the plan to which the indices in events belong. */
  constructor(target: EventTarget, plan: number) {
    this.#target = target;
    this.#plan = plan;
  }

  /** From now on indices belong to another plan. */
  changePlan(plan: number): void {
    this.#plan = plan;
  }

  /** The last frame for which anything was posted. */
  get latestFrame(): number {
    return this.#latestFrame;
  }

  /** The frame of something that arrived at a time, in nanoseconds of CLOCK_MONOTONIC. */
  frameOf(arrival: bigint): number {
    return Math.max(0, this.#target.eventFrame(arrival));
  }

  /**
   * The same, for an event of a line of events whose order must hold though the clock is measured anew all the time: a
   * release never comes before its note.
   */
  frameInLine(line: string, arrival: bigint): number {
    return this.inLine(line, this.frameOf(arrival));
  }

  /** The frame of the next event of such a line that would like a frame. */
  inLine(line: string, wanted: number): number {
    const frame = Math.max(wanted, this.#lastFrames.get(line) ?? 0);
    this.#lastFrames.set(line, frame);
    return frame;
  }

  /** Posts an event. A release that finds no room is posted later. */
  post(event: ControlEvent, frame: number): Posting {
    return this.#post({ ...event, ...(isOfPlan(event) ? { plan: this.#plan } : {}), frame });
  }

  #post(event: StreamEvent): Posting {
    const posting = this.#target.post(event);
    if (posting.ok) {
      this.#latestFrame = Math.max(this.#latestFrame, event.frame);
      return posting;
    }
    if (posting.error.code === 'full' && isRelease(event) && this.#waiting.length < mostWaiting) {
      this.#waiting.push(event);
    }
    return { ok: false, message: posting.error.message };
  }

  /** Posts releases that found no room before. */
  retry(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) {
      this.#post(event);
    }
  }
}

function isOfPlan({ type }: ControlEvent): boolean {
  switch (type) {
    case 'set_parameter':
    case 'set_edge_gain':
    case 'set_gate':
    case 'drain_node':
    case 'shed_voice':
      return true;
    default:
      return false;
  }
}

function isRelease(event: StreamEvent): boolean {
  return event.type === 'note_off' || event.type === 'all_notes_off' || (event.type === 'sustain' && !event.isDown);
}
