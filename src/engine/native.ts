// Loads the engine's binary. No other file does, and only this folder imports this one.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ArenaStats } from './arena-stats.js';
import type { EngineFailure } from './error.js';
import { fail } from './error.js';
import type { Level, LiveStatus } from './live-status.js';
import { packageRoot } from './package-root.js';

/** A failed call, as the addon tells it. */
export interface NativeFailure {
  /** An `amp_status`. */
  readonly status: number;
  readonly message: string;
}

/** native/addon/events.cpp. `post` answers with the sequence or a negative `amp_status`, `findNode` with -1 for none. */
export interface NativeEventTarget {
  post(
    frame: number,
    kind: number,
    channel: number,
    note: number,
    node: number,
    parameter: number,
    value: number,
    rate: number,
    acceleration: number,
    area: number,
    plan: number,
    atOnce: number,
  ): number;
  /**
   * Fourteen numbers an event: the fields of `amp_event` up to the plan, the sequence, 1 if it was late, 1 if it acts at
   * once.
   */
  appliedEvents(): Float64Array;
  findNode(id: string): number;
}

/** native/addon/hand_over.cpp. `kind` is an `amp_hand_over_kind`. */
export interface NativeHandOverTarget {
  /** The number of the plan. */
  prepare(
    plan: Uint8Array,
    settings: { kind: number; crossfadeSeconds: number; ringSeconds: number },
  ): Promise<number | NativeFailure>;
  handOver(plan: number, frame: number): number;
  /** The frame, -1 before, -2 when the plan is not there. */
  tookOverAt(plan: number): number;
  presentPlan(): number;
  /** How many plans are left. */
  retire(): Promise<number>;
}

/** native/addon/streamer.cpp. Numbers are frames, nanoseconds and `amp_status` codes. */
export interface NativeStreamer extends NativeEventTarget, NativeHandOverTarget {
  readonly failure: NativeFailure | null;
  readonly channels: number;
  readonly latency: number;
  take(samples: Float32Array, timeoutNanoseconds: number): Promise<number>;
  waitNodeCompletion(
    plan: number,
    node: number,
    frame: number,
    timeoutNanoseconds: number,
    drains: boolean,
  ): Promise<number>;
  nodeHasCompleted(plan: number, node: number, frame: number): number;
  /** Rows of the fields of `amp_heat` (5), in their order. */
  heat(): Float64Array;
  arenaStats(): ArenaStats;
  /** A list of `FusedCohort`. */
  cohortsJson(): string;
  eventCounts(): { late: number; lost: number };
  close(): void;
}

/** native/addon/live_streamer.cpp. What may fail answers with a negative `amp_status`. */
export interface NativeLiveStreamer extends NativeEventTarget, NativeHandOverTarget {
  readonly failure: NativeFailure | null;
  readonly handle: number;
  readonly channels: number;
  readonly latency: number;
  readonly sampleRate: number;
  readonly block: number;
  readonly outputDescriptor: number;
  startClock(): number;
  eventFrame(arrivalNanoseconds: bigint): number;
  frameTime(frame: number): bigint;
  readOutput(frame: number, samples: Float32Array): number;
  status(): LiveStatus;
  xruns(): NativeXrun[];
  nodeFaults(): NativeNodeFault[];
  snapshot(): NativeSnapshot | null;
  gates(): NativeGate[];
  slowMoves(): NativeSlowMoves[];
  /** Rows of the fields of `amp_heat` (5), in their order. */
  heat(): Float64Array;
  arenaStats(): ArenaStats;
  levels(): Level[];
  close(): void;
}

/** `cause` is an `amp_xrun_cause`, `node` -1 where there is none. */
export interface NativeXrun {
  readonly frame: number;
  readonly frames: number;
  readonly cause: number;
  readonly node: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly budgetSeconds: number;
}

/** `amp_node_fault`. */
export interface NativeNodeFault {
  readonly kind: number;
  readonly plan: number;
  readonly node: number;
  readonly batch: number;
  readonly channel: number;
  readonly frame: number;
  readonly declaredLatency: number;
  readonly measuredLatency: number;
}

/** `state` is one of `amp_gate_status`, `changeFrame` -1 where no change waits. */
export interface NativeGate {
  readonly state: number;
  readonly changeFrame: number;
  readonly opens: boolean;
  readonly held: number;
}

/** One `amp_slow_moves`. */
export interface NativeSlowMoves {
  readonly isEdge: boolean;
  readonly node: number;
  readonly parameter: number;
  readonly moves: number;
}

/** Rows of the fields of `amp_node_status` (8), `amp_edge_status` (14) and `amp_worker_status` (5), in their order. */
export interface NativeSnapshot {
  readonly number: number;
  readonly frame: number;
  readonly time: bigint;
  readonly blockSeconds: number;
  readonly outputSeconds: number;
  readonly windowBlocks: number;
  readonly windowSeconds: number;
  readonly nodes: Float64Array;
  readonly edges: Float64Array;
  readonly workers: Float64Array;
}

/** native/addon/gradient.cpp. Sounds lie channel after channel. */
export interface NativeGradient {
  readonly failure: NativeFailure | null;
  readonly channels: number;
  /** Numbers that `backward` tells. */
  readonly parameters: number;
  readonly edges: number;
  readonly bytes: number;
  record(sound: Float64Array): Promise<NativeFailure | null>;
  backward(bySound: Float64Array, byParameters: Float64Array, byEdgeGains: Float64Array): Promise<NativeFailure | null>;
  close(): void;
}

/** native/addon/gradient.cpp. The distance goes to the first value of `distance`. */
export interface NativeSpectralLoss {
  readonly failure: NativeFailure | null;
  measure(sound: Float64Array, distance: Float64Array, bySound: Float64Array | null): Promise<NativeFailure | null>;
  close(): void;
}

/** native/addon/addon.cpp. */
export interface NativeAddon {
  readonly version: string;
  readonly instructionSet: string;
  readonly Streamer: new (
    plan: Uint8Array,
    settings: { block: number; workers: number; journal: boolean },
  ) => NativeStreamer;
  readonly LiveStreamer: {
    new (plan: Uint8Array, settings: { block: number; workers: number; inFlight: number }): NativeLiveStreamer;
    new (handle: number): NativeLiveStreamer;
  };
  /** `events`: the fields of `amp_event`, twelve numbers each. */
  readonly Gradient: new (
    plan: Uint8Array,
    settings: { block: number; workers: number; frames: number; events: Float64Array },
  ) => NativeGradient;
  readonly SpectralLoss: new (wanted: Float64Array, channels: number) => NativeSpectralLoss;
  nodeTypesJson(): string;
  planJson(plan: Uint8Array): string | NativeFailure;
}

export type NativeLoading = { readonly ok: true; readonly addon: NativeAddon } | EngineFailure;

let loaded: NativeAddon | undefined;

/** The addon, loaded at the first call. A failure says which line to type. */
export function loadNative(): NativeLoading {
  if (loaded !== undefined) {
    return { ok: true, addon: loaded };
  }
  const root = packageRoot();
  const path = join(root, 'build', 'Release', 'amp_addon.node');
  const remedy = `Type this, then try again:\n  npm --prefix ${root} run build`;
  if (!existsSync(path)) {
    return fail('missing', `the engine is not built: there is no ${path}. ${remedy}`);
  }
  try {
    loaded = createRequire(import.meta.url)(path) as NativeAddon;
    return { ok: true, addon: loaded };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail('missing', `the engine does not load: ${reason}. ${remedy}`);
  }
}
