// The patch as a performer wrote it, read and resolved: names have become indexes, and each thing knows where it stands.
import type { SourceSpan, SourceText } from './diagnostic.js';
import type { AbsentPolicy, NodeType } from './node-types.js';

/** Units in which a value may be written. The position in this list is the unit's code in a plan. */
export const literalUnits = [
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
export type LiteralUnit = (typeof literalUnits)[number];

/** A number in the unit in which it was written; `note` counts fractional MIDI note numbers (A4 = 69). */
export interface Literal {
  readonly number: number;
  readonly unit: LiteralUnit;
}

/** Something that the patch says, and where. */
export interface Written<T> {
  readonly value: T;
  readonly span: SourceSpan;
}

/** Beats in a bar and the note that counts as one, as in 3/4. */
export interface Meter {
  readonly numerator: number;
  readonly denominator: number;
}

/** Limits of a parameter's movement, per second in the parameter's own unit; `ideal` is without limits. */
export type Slew =
  | { readonly type: 'ideal' }
  | {
      readonly type: 'limited';
      readonly rate?: number | undefined;
      readonly acceleration?: number | undefined;
      readonly area?: number | undefined;
    };

/** What happens to a reader that lags more than its tap's `maxFrames`. The order is that of the plan's codes. */
export const overflowPolicies = ['drop_oldest', 'block'] as const;
export type OverflowPolicy = (typeof overflowPolicies)[number];

/** What a patch asks of one tap of a node; what is missing follows from the type and the defaults. */
export interface TapContract {
  readonly span: SourceSpan;
  /** Largest lag: a number of frames or a time. */
  readonly maxFrames?: Literal | undefined;
  readonly overflow?: OverflowPolicy | undefined;
  /** Inputs only. */
  readonly absent?: AbsentPolicy | undefined;
  /** Inputs only: frames before its window that the reader wants to see. */
  readonly asks?: Literal | undefined;
}

/** A parameter that the patch sets. */
export interface PatchParameter {
  /** One value, or one for each lane of the batch. */
  readonly values: readonly Literal[];
  readonly span: SourceSpan;
}

export interface PatchNode {
  readonly id: string;
  /** Where the id stands. */
  readonly span: SourceSpan;
  readonly type: NodeType;
  /** The parameters that the patch sets, by name. */
  readonly parameters: ReadonlyMap<string, PatchParameter>;
  /** Every option of the type, by name in the order of the declaration; a choice is given by its index. */
  readonly options: ReadonlyMap<string, number>;
  /** Lanes when no edge gives a batch. */
  readonly batch?: Written<number> | undefined;
  /** Index of the keys node whose voices this node joins. */
  readonly voicesOf?: Written<number> | undefined;
  readonly thermal: { readonly gain: number; readonly tau: number };
  /** By name of parameter. */
  readonly slew: ReadonlyMap<string, Slew>;
  /** By name of tap. */
  readonly taps: ReadonlyMap<string, TapContract>;
}

/** What an edge feeds. The order is that of the plan's codes. */
export const targetKinds = ['input', 'parameter'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** How a modulation acts on its parameter. The order is that of the plan's codes. */
export const modulationModes = ['add', 'scale'] as const;
export type ModulationMode = (typeof modulationModes)[number];

/** Measure of a modulation. `octaves` scales by 2 to the signal. The order is that of the plan's codes. */
export const modulationMeasures = ['linear', 'octaves'] as const;
export type ModulationMeasure = (typeof modulationMeasures)[number];

export interface PatchEdge {
  readonly id?: string | undefined;
  readonly span: SourceSpan;
  /** Index of a node. */
  readonly fromNode: number;
  /** Index of one of its type's outputs. */
  /** Behind the outputs of its type: its heat. */
  readonly fromOutput: number;
  readonly fromSpan: SourceSpan;
  /** Index of a node. */
  readonly toNode: number;
  readonly toKind: TargetKind;
  /** Index of one of its type's inputs or parameters. */
  readonly toIndex: number;
  readonly toSpan: SourceSpan;
  /** A number of frames or a time; without one 0 frames. */
  readonly delay: Literal;
  /** Where the delay stands, else the whole edge. */
  readonly delaySpan: SourceSpan;
  /** Gain of an edge to an input, depth of an edge to a parameter; 1 without one. */
  readonly amount: Literal;
  readonly mode: ModulationMode;
  readonly in: ModulationMeasure;
  /** Whether the planner may lengthen the edge to align latencies. */
  readonly align: boolean;
  /** Edges to a parameter: limits of what they bring, in what `amount` is in. */
  readonly slew?: Slew | undefined;
}

/** What moves a parameter or a gate from outside. */
export type ControlSource =
  | { readonly type: 'midi_controller'; readonly controller: number }
  | { readonly type: 'midi_note'; readonly note: number }
  | { readonly type: 'midi_bend' }
  | { readonly type: 'midi_pressure' }
  | { readonly type: 'osc'; readonly address: string }
  | { readonly type: 'key'; readonly key: string };

export type ControlTarget =
  | { readonly type: 'parameter'; readonly node: number; readonly parameter: number }
  | { readonly type: 'edge'; readonly edge: number };

/** How a control's travel is spread over its range. */
export const controlCurves = ['linear', 'exponential'] as const;
export type ControlCurve = (typeof controlCurves)[number];

export interface PatchControl {
  readonly span: SourceSpan;
  readonly from: ControlSource;
  readonly to: ControlTarget;
  /** Values at the two ends of the control's travel; the first may be the larger one. */
  readonly range: readonly [Literal, Literal];
  readonly curve: ControlCurve;
  readonly slew?: Slew | undefined;
  /** Whether the event waits for the latency of the paths before its node. */
  readonly align: boolean;
}

/** What the consumer hears behind a closed gate. The order is that of the plan's codes. */
export const closedGateActions = ['mute', 'sample', 'hold'] as const;
export type ClosedGateAction = (typeof closedGateActions)[number];

/** What happens to held frames when the gate opens. The order is that of the plan's codes. */
export const gateReleases = ['resume', 'skip'] as const;
export type GateRelease = (typeof gateReleases)[number];

/** An output tap that opens a gate while its first lane is above 0.5, and closes it else. */
export interface GateSignal {
  readonly span: SourceSpan;
  /** Index of a node. */
  readonly node: number;
  /** Index of one of its type's outputs. */
  readonly output: number;
}

export interface PatchGate {
  readonly id: string;
  /** Where the id stands. */
  readonly span: SourceSpan;
  /** Indexes of edges, each of which belongs to no other gate. */
  readonly members: readonly number[];
  readonly whileClosed: ClosedGateAction;
  readonly release: GateRelease;
  /** Whether it is open at the start. */
  readonly open: boolean;
  /** Grid on which it moves: 0 plain (at once), whole notes or bars. */
  readonly quantize: Literal;
  readonly controls: readonly ControlSource[];
  /** In the order in which they act on one frame. */
  readonly signals: readonly GateSignal[];
}

/** What a patch that is too hot does. The order is that of the plan's codes. */
export const limitActions = ['report', 'attenuate'] as const;
export type LimitAction = (typeof limitActions)[number];

/** Temperatures in degrees Celsius. */
export interface ThermalBudget {
  readonly ambient: number;
  readonly warm: number;
  readonly limit: number;
  readonly onLimit: LimitAction;
}

/** Nodes of one type that run as one, by index. */
export interface ScheduleCohort {
  readonly type: string;
  readonly nodes: readonly number[];
}

export interface ScheduleStage {
  readonly partialLatency: number;
  readonly cohorts: readonly ScheduleCohort[];
}

/** A node that the planner adds, by the name that it gives it: a sum of voices before a delay, as in `vca.out.voices`. */
export interface AddedNode {
  readonly name: string;
  readonly span: SourceSpan;
}

export interface WrittenCohort {
  /** Where it stands, if it was written. */
  readonly span?: SourceSpan;
  readonly type: string;
  /** Nodes of the patch by index. */
  readonly nodes: readonly (number | AddedNode)[];
}

export interface WrittenStage {
  readonly partialLatency: number;
  readonly cohorts: readonly WrittenCohort[];
}

/** `kpn`: the readiness queue alone; `ipls`: the planner makes a schedule; `stages`: somebody wrote one. */
export type PatchSchedule =
  | { readonly type: 'kpn' }
  /** `partialLatency`: blocks by which a stage may lag at most; none without it. */
  | { readonly type: 'ipls'; readonly partialLatency?: number }
  /** `source`: the text that has it, if that is not the patch. */
  | {
      readonly type: 'stages';
      readonly source?: SourceText | undefined;
      readonly span: SourceSpan;
      readonly stages: readonly WrittenStage[];
    };

/** What the engine may do when it is too slow. The order is that of the plan's codes. */
export const overloadPolicies = ['none', 'shed'] as const;
export type OverloadPolicy = (typeof overloadPolicies)[number];

/** A patch without a mistake of its own; whether its graph can run is the planner's question. */
export interface Patch {
  /** Turns the spans below into diagnostics. */
  readonly source: SourceText;
  /** The patch as a whole. */
  readonly span: SourceSpan;
  readonly name: string;
  /** Quarter notes a minute. */
  readonly tempo: number;
  readonly meter: Meter;
  readonly seed: number;
  /** In the order of the file. */
  readonly nodes: readonly PatchNode[];
  /** In the order of the file. */
  readonly edges: readonly PatchEdge[];
  readonly controls: readonly PatchControl[];
  readonly gates: readonly PatchGate[];
  readonly thermal: ThermalBudget;
  readonly ceiling: Literal;
  readonly schedule: PatchSchedule;
  readonly overload: OverloadPolicy;
}
