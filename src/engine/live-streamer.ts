// A streamer that a device paces: timed events go in, and its output memory is read by whoever plays it.

import type { AppliedEvent } from './applied-event.js';
import { appliedEventsOf } from './applied-event.js';
import type { ArenaStats } from './arena-stats.js';
import { noArena } from './arena-stats.js';
import type { EngineFailure, EngineOutcome } from './error.js';
import { errorCodeOf, fail, outcomeOf } from './error.js';
import type { StreamEvent } from './event.js';
import type { EventPosting, NodeFinding } from './event-posting.js';
import { findNodeOf, postEvent } from './event-posting.js';
import type { HandOverSettings, Preparing, TakeoverFinding } from './hand-over.js';
import { handOverTo, preparePlan, takeoverOf } from './hand-over.js';
import type { GroupHeat } from './heat.js';
import { groupHeatsOf } from './heat.js';
import type { GateStatus, Level, LiveStatus, SlowMoves, Xrun } from './live-status.js';
import { gateStateOf, xrunCauseOf } from './live-status.js';
import type { NativeLiveStreamer } from './native.js';
import { loadNative } from './native.js';
import type { NodeFault } from './node-fault.js';
import { nodeFaultOf } from './node-fault.js';
import type { Snapshot } from './snapshot.js';
import { emptySnapshot, snapshotOf } from './snapshot.js';

export type { AppliedEvent } from './applied-event.js';
export type { HandOverKind, HandOverSettings, Preparing, TakeoverFinding } from './hand-over.js';
export type { GateState, GateStatus, Level, LiveStatus, SlowMoves, Xrun, XrunCause } from './live-status.js';
export type { NodeFault } from './node-fault.js';
export type { EdgeStatus, NodeStatus, Snapshot, WorkerStatus } from './snapshot.js';

export interface LiveSettings {
  /** Frames, 1 to 4096. */
  readonly block: number;
  /** Threads that compute, 1 to 64. */
  readonly workers: number;
  /** Blocks that may run at once, 1 to 8, each above 1 for a block of latency; 1 if not given. */
  readonly inFlight?: number;
}

export type LiveOpening = { readonly ok: true; readonly streamer: LiveStreamer } | EngineFailure;
export type OutputReading = { readonly ok: true; readonly frames: number } | EngineFailure;

/**
 * Checks a plan, builds it, starts its workers and its output memory; no frame is made before `startClock`. Errors:
 * `missing`, `plan` with the offset or the name at fault, `argument`, `unsupported`, `memory`, `thread`.
 */
export function openLiveStreamer(plan: Uint8Array, { block, workers, inFlight = 1 }: LiveSettings): LiveOpening {
  const loading = loadNative();
  if (!loading.ok) {
    return loading;
  }
  for (const [name, value] of Object.entries({ block, workers, inFlight })) {
    if (!Number.isInteger(value) || Math.abs(value) > 0x7fff_ffff) {
      return fail('argument', `${name} ${value}: a whole number fits`);
    }
  }
  return openingOf(new loading.addon.LiveStreamer(plan, { block, workers, inFlight }));
}

/**
 * The same streamer in another thread of the process, which closes it for itself. Errors: `missing`; `not_found`: its
 * last holder has closed it.
 */
export function attachLiveStreamer(handle: number): LiveOpening {
  const loading = loadNative();
  return loading.ok ? openingOf(new loading.addon.LiveStreamer(handle)) : loading;
}

function openingOf(native: NativeLiveStreamer): LiveOpening {
  return native.failure === null
    ? { ok: true, streamer: new LiveStreamer(native) }
    : fail(errorCodeOf(native.failure.status), native.failure.message);
}

/**
 * One playing plan. All its holders close it; the last one stops it. After `close` what can fail answers `closed`,
 * `status` and `snapshot` tell the last state, lists are empty and times are 0.
 */
export class LiveStreamer {
  /** For `attachLiveStreamer`. */
  readonly handle: number;
  /** Channels of the output. */
  readonly channels: number;
  /** Frames by which the output is later than the stream: output frame n is stream frame n - latency. */
  readonly latency: number;
  readonly sampleRate: number;
  /** Frames. */
  readonly block: number;
  /** The output memory, for a device program to open. */
  readonly outputPath: string;
  #native: NativeLiveStreamer | undefined;
  #lastStatus: LiveStatus;
  #lastSnapshot: Snapshot = emptySnapshot;

  /** Use `openLiveStreamer` or `attachLiveStreamer`. */
  constructor(native: NativeLiveStreamer) {
    this.#native = native;
    this.handle = native.handle;
    this.channels = native.channels;
    this.latency = native.latency;
    this.sampleRate = native.sampleRate;
    this.block = native.block;
    this.outputPath = `/proc/${process.pid}/fd/${native.outputDescriptor}`;
    this.#lastStatus = native.status();
  }

  /**
   * Frames begin to be asked for: by the clock device until a device program takes over, and again whenever none does.
   * Does nothing the second time. Errors: `thread`.
   */
  startClock(): EngineOutcome {
    return this.#native === undefined
      ? closed()
      : outcomeOf(this.#native.startClock(), 'the system gives no thread for the clock');
  }

  /**
   * Hands over an event; events of one frame apply in the order of their sequence. Errors: `argument`; `full`: the event
   * was not taken, since 16384 wait already.
   */
  post(event: StreamEvent): EventPosting {
    return this.#native === undefined ? closed() : postEvent(this.#native, event);
  }

  /** The events that were applied since the last call, in their order. One thread reads them. */
  appliedEvents(): readonly AppliedEvent[] {
    return this.#native === undefined ? [] : appliedEventsOf(this.#native.appliedEvents());
  }

  /**
   * The stream frame for something that arrived at `process.hrtime.bigint()` nanoseconds: late enough for the slowest
   * block, so that jitter becomes a small fixed delay.
   */
  eventFrame(arrivalNanoseconds: bigint): number {
    return this.#native?.eventFrame(arrivalNanoseconds) ?? 0;
  }

  /** When the device asks for a stream frame, on the clock of `process.hrtime.bigint()`. */
  frameTime(frame: number): bigint {
    return this.#native?.frameTime(frame) ?? 0n;
  }

  /**
   * Copies output frames from `frame` on that are made, channels side by side, without taking them from the device;
   * `frames` says how many. Errors: `argument`; `not_found`: they are overwritten.
   */
  readOutput(frame: number, samples: Float32Array): OutputReading {
    if (this.#native === undefined) {
      return closed();
    }
    if (!Number.isSafeInteger(frame) || frame < 0) {
      return fail('argument', `readOutput: frame ${frame}; a whole number from 0 on fits`);
    }
    if (samples.length % this.channels !== 0) {
      return fail(
        'argument',
        `readOutput: ${samples.length} samples are not whole frames of ${this.channels} channels`,
      );
    }
    const answer = this.#native.readOutput(frame, samples);
    return answer >= 0
      ? { ok: true, frames: answer }
      : fail(errorCodeOf(-answer), `readOutput: frame ${frame} is overwritten`);
  }

  status(): LiveStatus {
    this.#lastStatus = this.#native?.status() ?? this.#lastStatus;
    return this.#lastStatus;
  }

  /** The xruns since the last call. One thread reads them. */
  xruns(): readonly Xrun[] {
    return (this.#native?.xruns() ?? []).map(({ cause, node, ...rest }) => ({
      ...rest,
      cause: xrunCauseOf(cause),
      ...(node < 0 ? {} : { node }),
    }));
  }

  /** Nodes that went wrong since the last call, in any plan that sounds. One thread reads them. */
  nodeFaults(): readonly NodeFault[] {
    return (this.#native?.nodeFaults() ?? []).map(nodeFaultOf);
  }

  /** What is measured of the newest complete block, or the snapshot before if blocks follow too fast to read one. */
  snapshot(): Snapshot {
    const native = this.#native?.snapshot() ?? undefined;
    this.#lastSnapshot = native === undefined ? this.#lastSnapshot : snapshotOf(native);
    return this.#lastSnapshot;
  }

  /** Memory of the plans that sound. */
  arenaStats(): ArenaStats {
    return this.#native?.arenaStats() ?? noArena;
  }

  /** In the plan's order. */
  gates(): readonly GateStatus[] {
    return (this.#native?.gates() ?? []).map(({ state, changeFrame, opens, held }) => ({
      state: gateStateOf(state),
      ...(changeFrame < 0 ? {} : { change: { frame: changeFrame, opens } }),
      held,
    }));
  }

  /** Since the plan took over, and before it as far as it goes on. */
  slowMoves(): readonly SlowMoves[] {
    return (this.#native?.slowMoves() ?? []).map(({ isEdge, node, parameter, moves }) => {
      return isEdge ? { type: 'edge', edge: node, moves } : { type: 'parameter', node, parameter, moves };
    });
  }

  /** In the plan's order. */
  heat(): readonly GroupHeat[] {
    return this.#native === undefined ? [] : groupHeatsOf(this.#native.heat());
  }

  /** Of each channel. */
  levels(): readonly Level[] {
    return this.#native?.levels() ?? [];
  }

  /** The index of the node that the patch calls `id`. Errors: `not_found`. */
  findNode(id: string): NodeFinding {
    return this.#native === undefined ? closed() : findNodeOf(this.#native, id);
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

  /** Lets go of the streamer; the last holder's call stops the clock and the workers and frees the plan. */
  close(): void {
    if (this.#native !== undefined) {
      this.#lastStatus = this.#native.status();
      this.snapshot();
      this.#native.close();
      this.#native = undefined;
    }
  }
}

function closed(): EngineFailure {
  return fail('closed', 'the streamer is closed');
}
