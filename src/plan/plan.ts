// The compiled patch: plain data, exactly what the binary format carries (docs/plan_format.md).

/** The version of the plan format that this code writes and reads. */
export const planVersion = 3;

/** The largest block, in frames, that an engine may run with; also the largest quantum. */
export const largestBlock = 4096;

/** The longest delay, lag, latency or tail, in frames: a day at 48 kHz. */
export const longestFrames = 2 ** 32;

/** The lag that a reader may have where the patch does not say, in seconds. */
export const defaultLagSeconds = 60;

/** A count of frames: a whole number from 0 to `longestFrames`. */
export type Frames = number;

/** A length of time in frames, or one that never ends. */
export type Extent = Frames | 'endless';

/**
 * How the number of a `PlanValue` is written. `plain` is the unit of whatever the value is for. The position in this list is
 * the unit's code in the format, so it is the format's own, though a patch has the same words.
 */
export const planUnits = [
  'plain',
  'hertz',
  'kilohertz',
  'seconds',
  'milliseconds',
  'decibels',
  'note',
  'whole_notes',
  'frames',
  'percent',
  'bars',
] as const;

export type PlanUnit = (typeof planUnits)[number];

/** A number as the patch wrote it. The engine converts it, so that no result depends on the host's mathematics. */
export interface PlanValue {
  readonly number: number;
  readonly unit: PlanUnit;
}

/** What a tap does when no edge feeds it, before the stream's start, or behind a closed gate. */
export type Absent = 'default' | 'hold' | 'optional';

/** What happens to a reader that lags by more than `maxFrames`. */
export type Overflow = 'drop_oldest' | 'block';

export interface PlanStream {
  readonly name: string;
  readonly sampleRate: number;
  readonly tempo: number;
  readonly meterNumerator: number;
  readonly meterDenominator: number;
  readonly seed: number;
  readonly ceiling: PlanValue;
  readonly outputLatency: Frames;
  readonly overload: 'none' | 'shed';
}

export interface PlanOption {
  readonly name: string;
  readonly number: number;
}

/** Limits of a parameter's base, or of a modulation; `null` is unlimited. */
export interface PlanSlew {
  readonly rate: number | null;
  readonly acceleration: number | null;
  readonly area: number | null;
}

export interface PlanParameter {
  readonly name: string;
  readonly isWritten: boolean;
  readonly base: readonly PlanValue[];
  readonly slew: PlanSlew;
}

export interface PlanInput {
  readonly name: string;
  readonly group: string;
  readonly batch: number;
  readonly channels: number;
  readonly default: number;
  readonly absent: Absent;
  readonly asks: Frames;
  readonly maxFrames: Frames;
  readonly overflow: Overflow;
}

export interface PlanOutput {
  readonly name: string;
  readonly group: string;
  readonly batch: number;
  readonly channels: number;
  readonly release: 'on_consume' | 'on_publish';
  readonly history: Frames;
  readonly maxFrames: Frames;
  readonly period: number;
}

export interface PlanNode {
  readonly id: string;
  readonly type: string;
  readonly batch: number;
  readonly channels: number;
  readonly component: number;
  readonly voiceGroup: number | null;
  readonly latency: Frames;
  readonly alignedLatency: Frames;
  readonly tail: Extent;
  readonly options: readonly PlanOption[];
  readonly parameters: readonly PlanParameter[];
  readonly inputs: readonly PlanInput[];
  /** Those of the type; then `thermo.heat` where anything reads it. */
  readonly outputs: readonly PlanOutput[];
}

export interface PlanEdge {
  readonly id: string;
  readonly fromNode: number;
  readonly fromOutput: number;
  readonly toNode: number;
  readonly toKind: 'input' | 'parameter';
  readonly toIndex: number;
  readonly delay: Frames;
  readonly alignment: Frames;
  readonly gain: PlanValue;
  readonly mode: 'add' | 'scale';
  readonly in: 'linear' | 'octaves';
  readonly gate: number | null;
  readonly align: boolean;
  /** Of an edge to a parameter. */
  readonly slew: PlanSlew;
}

export interface PlanComponent {
  readonly quantum: number;
  readonly isLoop: boolean;
  readonly nodes: readonly number[];
}

/** An output tap whose lane 0, above 0.5 or not on a tick, asks a gate to open or close. */
export interface PlanGateSignal {
  readonly node: number;
  readonly output: number;
}

export interface PlanGate {
  readonly id: string;
  readonly whileClosed: 'mute' | 'sample' | 'hold';
  readonly release: 'resume' | 'skip';
  readonly isOpen: boolean;
  readonly quantize: PlanValue;
  readonly edges: readonly number[];
  /** In the order in which they act on one frame. */
  readonly signals: readonly PlanGateSignal[];
}

export interface PlanVoiceGroup {
  readonly keysNode: number;
  readonly lanes: number;
  readonly channel: number;
  readonly ring: Extent;
  readonly members: readonly number[];
  readonly exitEdges: readonly number[];
  readonly envelopes: readonly number[];
}

export interface PlanHeat {
  readonly gain: number;
  readonly tau: number;
}

export interface PlanThermal {
  readonly ambient: number;
  readonly warm: number;
  readonly limit: number;
  readonly onLimit: 'report' | 'attenuate';
  /** One for each node, in the order of the nodes. */
  readonly nodes: readonly PlanHeat[];
}

export interface PlanCohort {
  readonly type: string;
  readonly nodes: readonly number[];
}

export interface PlanStage {
  readonly partialLatency: number;
  readonly cohorts: readonly PlanCohort[];
}

export interface PlanSchedule {
  readonly stages: readonly PlanStage[];
}

export interface Plan {
  readonly stream: PlanStream;
  readonly nodes: readonly PlanNode[];
  /** In the patch's order. */
  readonly edges: readonly PlanEdge[];
  /** In topological order. */
  readonly components: readonly PlanComponent[];
  readonly gates: readonly PlanGate[];
  readonly voiceGroups: readonly PlanVoiceGroup[];
  readonly thermal: PlanThermal;
  /** `null` leaves the order of work to the readiness queue. */
  readonly schedule: PlanSchedule | null;
}
