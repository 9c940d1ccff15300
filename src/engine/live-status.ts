// What a live streamer tells about itself while it plays.

/** Numbers are counted from the start unless they say otherwise. */
export interface LiveStatus {
  /** Output frames that are made. */
  readonly made: number;
  /** The output frame that the device asks for next: the stream clock. */
  readonly clock: number;
  /** Who asks for frames: 0 is the clock device, else the token of a device program. */
  readonly owner: number;
  readonly callbacks: number;
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly lastCallback: bigint;
  /** Frames that the device asks for at once, at most. */
  readonly deviceFrames: number;
  /** Frames that may be made ahead of what was asked for. */
  readonly lookahead: number;
  /** Frames from an event's arrival to the frame at which it applies. */
  readonly eventDelay: number;
  /** Frames that were asked for before they were made. */
  readonly missedFrames: number;
  /** How often the clock was set back to what is made. */
  readonly anchors: number;
  /** Underflows that the device itself told of. */
  readonly deviceUnderflows: number;
  /** How often a device program stopped asking. */
  readonly deviceLosses: number;
  /** Share of a block's time that making a block took, since the last call. */
  readonly load: { readonly mean: number; readonly worst: number };
  readonly workers: number;
  /** Workers that got the real-time class that they asked for. */
  readonly realTimeWorkers: number;
  /** Came for a frame that was sealed, and were moved to the next block. */
  readonly lateEvents: number;
  /** Found no room in the queue. */
  readonly lostEvents: number;
  /** Voices that ended because the machine was too slow. */
  readonly shedVoices: number;
}

/** The causes in the order of `amp_xrun_cause`. */
const causes = ['node_late', 'thread_not_run', 'device_not_run', 'anchor', 'growth'] as const;

/**
 * `node_late`: the block's computation took longer than there was time. `thread_not_run`: it would have been in time,
 * but the system did not run a worker. `device_not_run`: the frames were ready, and the device did not come for them.
 * `anchor`: the clock was set back to what is made. `growth`: the block would have been in time, but a wheel behind a
 * gate that holds had to become longer first.
 */
export type XrunCause = (typeof causes)[number];

/** Sound that was not played as it was made. */
export interface Xrun {
  readonly frame: number;
  readonly frames: number;
  readonly cause: XrunCause;
  /** Index of the node that took longest in the block, where a block was late. */
  readonly node?: number;
  /** CPU time of the block's busiest worker. */
  readonly cpuSeconds: number;
  /** From when the block might begin until it was made. */
  readonly wallSeconds: number;
  /** What there was. */
  readonly budgetSeconds: number;
}

export function xrunCauseOf(cause: number): XrunCause {
  const name = causes[cause];
  if (name === undefined) {
    throw new Error(`the engine told the xrun cause ${cause}, which amp.h does not have`);
  }
  return name;
}

/** The states in the order of `amp_gate_status`. */
const gateStates = ['closed', 'open', 'closing', 'opening'] as const;

/** `closing` and `opening`: it fades. */
export type GateState = (typeof gateStates)[number];

/** One gate of the plan, in the plan's order. */
export interface GateStatus {
  readonly state: GateState;
  /** What waits for its grid, if anything does; `frame` is that of the stream. */
  readonly change?: { readonly frame: number; readonly opens: boolean };
  /** Frames that are kept at most for any of its members. */
  readonly held: number;
}

/** What made moves that took more time than their area lets them: a parameter, or the gain or depth of an edge. */
export type SlowMoves =
  | { readonly type: 'parameter'; readonly node: number; readonly parameter: number; readonly moves: number }
  | { readonly type: 'edge'; readonly edge: number; readonly moves: number };

export function gateStateOf(state: number): GateState {
  const name = gateStates[state];
  if (name === undefined) {
    throw new Error(`the engine told the gate state ${state}, which amp.h does not have`);
  }
  return name;
}

/** One channel over the last 50 ms that were made; 1 is full scale. */
export interface Level {
  readonly peak: number;
  readonly rms: number;
}
