// A performance as text, one JSON object a line. It holds all that a stream was given, so the same frames can be made
// again. Pure: text in, journal out.

import type { TimedControlEvent } from './control-event.js';

/** The version of the format that this code writes and reads. */
export const journalVersion = 1;

/** What the performance ran with. Block and workers change no bit of the sound. */
export interface JournalHeader {
  /** Version of the engine. */
  readonly engine: string;
  readonly sampleRate: number;
  readonly block: number;
  readonly workers: number;
  readonly channels: number;
  /** Frames by which the output is later than the stream. */
  readonly latency: number;
  readonly seed: number;
}

/** A plan, and the stream frame from which it plays. */
export interface JournalPlan {
  readonly frame: number;
  /** Of the bytes, in hexadecimal. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** An event as the engine applied it. */
export interface JournalEvent {
  /** Its frame is the one at which it took effect. */
  readonly event: TimedControlEvent;
  readonly sequence: number;
}

export interface Journal {
  readonly header: JournalHeader;
  readonly plan: JournalPlan;
  /** In the order in which they were applied; frames never fall. */
  readonly events: readonly JournalEvent[];
  /** Stream frames of the performance; of one that broke off, those that are sure to have been reached. */
  readonly frames: number;
  /** Whether the performance ended by itself: not by a crash. */
  readonly isWhole: boolean;
}

/** `line` counts from 1. */
export interface JournalError {
  readonly line: number;
  readonly message: string;
}

export type JournalDecoding =
  | { readonly ok: true; readonly journal: Journal }
  | { readonly ok: false; readonly error: JournalError };
