// What an OSC message asks for, once its address and its arguments are understood.

import type { DatagramTime } from './datagram-time.js';

/** What somebody has to perform. Names are those of the patch. */
export type OscCommand =
  /** `value` is within the parameter's range, in its unit, and a float32. */
  | { readonly type: 'set_parameter'; readonly node: string; readonly parameter: string; readonly value: number }
  | { readonly type: 'gate'; readonly gate: string; readonly isOpen: boolean }
  /** Channel 1 to 16, note 0 to 127, velocity 0 to 1; velocity 0 releases the note. */
  | { readonly type: 'note'; readonly channel: number; readonly note: number; readonly velocity: number }
  /** Everything that the patch binds to `osc:ADDRESS` moves to this share, 0 to 1, of its travel. */
  | { readonly type: 'control'; readonly address: string; readonly value: number }
  | { readonly type: 'panic' }
  /** Another patch takes the place of the one that plays. */
  | { readonly type: 'patch'; readonly path: string; readonly tail?: Tail };

/** How long a plan rings whose place another one has taken: until its last note has rung out, or so many seconds. */
export type Tail = 'last-note' | number;

/** The longest fixed one, in seconds. */
export const longestTail = 3600;

/** What the OSC server does by itself. */
export type OscServerCommand =
  /** `destination`: as the message wrote it, `HOST:PORT` or a port; without one the sender. */
  | { readonly type: 'subscribe'; readonly destination?: string | number }
  | { readonly type: 'unsubscribe'; readonly destination?: string | number }
  | { readonly type: 'ping' };

/** When a command is to act, in nanoseconds of CLOCK_MONOTONIC (`process.hrtime.bigint`). */
export interface CommandTime {
  /**
   * `arrived`: when its datagram arrived; it acts as soon as it can, with the same delay as every live event.
   * `due`: what its time tag says; it acts as if it had arrived at that time.
   */
  readonly type: 'arrived' | 'due';
  readonly nanoseconds: bigint;
  /** Shared by all commands of a datagram. */
  readonly datagram: DatagramTime;
}
