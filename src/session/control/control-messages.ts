// What the main thread and the control thread say to each other.

import type { StatusReport } from '../../control/osc/status-feed.js';
import type { Failure } from '../failure.js';
import type { ControlStatus } from './control-status.js';

/** From the main thread. */
export type ControlRequest =
  /** `arrival`: nanoseconds of CLOCK_MONOTONIC. */
  | { readonly type: 'key'; readonly name: string; readonly arrival: bigint }
  | { readonly type: 'panic'; readonly arrival: bigint }
  | { readonly type: 'report'; readonly status: StatusReport }
  /** `frames`: length of the performance. */
  | { readonly type: 'stop'; readonly frames: number };

/** From the control thread. The first is `started` or `failed`, the last `failed` or `stopped`. */
export type ControlReply =
  | { readonly type: 'started'; readonly status: ControlStatus }
  | { readonly type: 'failed'; readonly failure: Failure }
  | { readonly type: 'status'; readonly status: ControlStatus }
  | { readonly type: 'notice'; readonly text: string }
  | { readonly type: 'stopped'; readonly status: ControlStatus };
