// What the main thread and the control thread say to each other.

import type { CommandOutcome } from '../../control/osc/osc-server.js';
import type { StatusReport } from '../../control/osc/status-feed.js';
import type { HandOverSettings } from '../../engine/live-streamer.js';
import type { PatchContent } from '../../patch/patch-content.js';
import type { Failure } from '../failure.js';
import type { PatchWish } from './control-desk.js';
import type { ControlStatus } from './control-status.js';

/** What is to take over. */
export interface HandOverOrder {
  /** Number of the plan, which is prepared. */
  readonly plan: number;
  /** As it was prepared, for the journal. */
  readonly bytes: Uint8Array;
  readonly settings: HandOverSettings;
  readonly patch: PatchContent;
  /** Not before this stream frame. */
  readonly frame: number;
}

/** From the main thread. */
export type ControlRequest =
  /** `arrival`: nanoseconds of CLOCK_MONOTONIC. */
  | { readonly type: 'key'; readonly name: string; readonly arrival: bigint }
  | { readonly type: 'panic'; readonly arrival: bigint }
  | { readonly type: 'report'; readonly status: StatusReport }
  | { readonly type: 'hand_over'; readonly order: HandOverOrder }
  /** What became of a wish. */
  | { readonly type: 'answer'; readonly wish: number; readonly outcome: CommandOutcome }
  /** `frames`: length of the performance. */
  | { readonly type: 'stop'; readonly frames: number };

/** From the control thread. The first is `started` or `failed`, the last `failed` or `stopped`. */
export type ControlReply =
  | { readonly type: 'started'; readonly status: ControlStatus }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'status'; readonly status: ControlStatus }
  | { readonly type: 'notice'; readonly text: string }
  /** What became of an order: the plan took over, or it did not. */
  | { readonly type: 'handed_over'; readonly plan: number; readonly outcome: CommandOutcome }
  /** Somebody wants another patch, and waits for an answer. */
  | { readonly type: 'wish'; readonly number: number; readonly wish: PatchWish }
  | { readonly type: 'stopped'; readonly status: ControlStatus };
