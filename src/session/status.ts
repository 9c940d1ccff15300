// What a performance tells about itself: one snapshot, for screens, status lines and OSC subscribers. Plain data.

import type { ArenaStats } from '../engine/arena-stats.js';
import type { EdgeStatus, GateState, NodeStatus, WorkerStatus, XrunCause } from '../engine/live-streamer.js';
import type { ReaderTerms } from '../plan/negotiation.js';
import type { JournalStatus, MidiStatus, OscStatus, PlayerStatus } from './control/control-status.js';

export type { GateState, XrunCause } from '../engine/live-streamer.js';
export type { JournalStatus, MidiPortStatus, MidiStatus, OscStatus, PlayerStatus } from './control/control-status.js';

export interface SessionStatus {
  readonly patch: PatchStatus;
  /** How often one plan has taken the place of another. */
  readonly handOvers: number;
  /** The last time that one did. */
  readonly handOver?: HandOverStatus;
  /**
   * Why the last change of the patch was none; nothing once it is mended, or half a minute after somebody wanted another patch. What
   * played before goes on.
   */
  readonly refusal?: RefusalStatus;
  /** Output frames that the device has asked for, and the same as seconds. */
  readonly frame: number;
  readonly seconds: number;
  /** Frames a second. */
  readonly sampleRate: number;
  /** Frames. */
  readonly block: number;
  readonly workers: number;
  /** Workers that the system gave the real-time class. */
  readonly realTimeWorkers: number;
  readonly device: DeviceStatus;
  /** Share of a block's time that making a block took, since the snapshot before. */
  readonly load: { readonly mean: number; readonly worst: number };
  readonly memory: MemoryStatus;
  readonly xruns: XrunSummary;
  readonly latency: LatencyStatus;
  /** Of each channel over the last 50 ms; 1 is full scale. */
  readonly levels: readonly { readonly peak: number; readonly rms: number }[];
  /** Of the complete block that edges, nodes and their times are told of: it counts up. */
  readonly snapshot: number;
  /** Nodes that went wrong. */
  readonly faults: NodeFaultSummary;
  /** In the plan's order. */
  readonly edges: readonly EdgeReport[];
  /** In the plan's order. */
  readonly nodes: readonly NodeReport[];
  /** In the plan's order. */
  readonly gates: readonly GateReport[];
  /** How the workers spent their time, as shares of it. */
  readonly workerLoads: readonly WorkerLoad[];
  /** What the sound warms: the graph against the budget of its patch. */
  readonly thermal: ThermalReport;
  /** Of the machine. */
  readonly temperature: Temperature;
  /** How often the processor slowed itself down since the start; nothing where the system does not count that. */
  readonly throttles?: number;
  readonly midi: MidiStatus;
  readonly osc: OscStatus;
  /** Of the MIDI file, if one plays. */
  readonly player?: PlayerStatus;
  readonly journal?: JournalStatus;
  readonly recording?: RecordingStatus;
  /** Notes that sound because somebody holds them. */
  readonly heldNotes: number;
  /** Events that came for a frame that was sealed, and were moved to the next block. */
  readonly lateEvents: number;
  /** Events that found no room. */
  readonly lostEvents: number;
  /** Voices that ended because the machine was too slow: `overload` of the patch. */
  readonly shedVoices: number;
  /** Parameters and edges of which moves took more time than the area of their slew lets them, and how many did. */
  readonly slowMoves: readonly { readonly target: string; readonly moves: number }[];
  /** What a performer should know, the newest last; the oldest are forgotten. */
  readonly notices: readonly Notice[];
}

export interface PatchStatus {
  readonly name: string;
  readonly path: string;
  readonly nodes: number;
  readonly edges: number;
  /** Quarter notes a minute. */
  readonly tempo: number;
}

export interface HandOverStatus {
  /** `reload`: the file was saved, and what both plans have goes on. `replace`: nothing goes on, the old one rings out. */
  readonly kind: 'reload' | 'replace';
  readonly path: string;
  /** The first stream frame of the plan that plays since. */
  readonly frame: number;
  readonly seconds: number;
}

export interface RefusalStatus {
  readonly kind: HandOverStatus['kind'];
  readonly path: string;
  /** Sentences; mistakes of a patch begin with `file:line:column:`. */
  readonly reasons: readonly string[];
}

/** Who asks for the frames now, as it was granted. */
export interface DeviceStatus {
  readonly kind: 'clock' | 'port_audio' | 'file';
  /** The device's own name, `clock`, or the path of the file. */
  readonly name: string;
  /** PortAudio's name of the system that the device belongs to. */
  readonly hostApi?: string;
  readonly sampleRate: number;
  /** Frames that it asks for at once. */
  readonly frames: number;
  readonly channels: number;
  /** What was asked for. */
  readonly wanted: string;
  /** Why it is not the wanted one, or that it was lost. */
  readonly note?: string;
  /** How often the device was lost. */
  readonly losses: number;
}

/** Bytes that the plans take, and how their wheels grew. */
export type MemoryStatus = Omit<ArenaStats, 'reserved'>;

/** Xruns since the start, in all and by cause. */
export interface XrunSummary {
  readonly total: number;
  readonly nodeLate: number;
  readonly threadNotRun: number;
  readonly deviceNotRun: number;
  readonly anchors: number;
  /** A wheel behind a gate that holds became longer too late. */
  readonly growths: number;
  /** The newest last. */
  readonly recent: readonly XrunReport[];
}

export interface XrunReport {
  /** Where in the stream. */
  readonly seconds: number;
  readonly frames: number;
  readonly cause: XrunCause;
  /** The node that took longest in the block, where a block was late. */
  readonly node?: string;
  /** A sentence for a performer. */
  readonly text: string;
}

/** What nodes did wrong since the start; each lane is counted once a second at most. */
export interface NodeFaultSummary {
  readonly total: number;
  /** The newest last. */
  readonly recent: readonly NodeFaultReport[];
}

export type NodeFaultReport = {
  /** The node's name in the patch. */
  readonly node: string;
  /** Where in the stream, as the node counts it. */
  readonly seconds: number;
  /** A sentence for a performer. */
  readonly text: string;
} & (
  | {
      /** A lane gave a value that is not finite. */
      readonly kind: 'not_finite';
      readonly batch: number;
      readonly channel: number;
    }
  | {
      /** What enters it leaves it earlier or later than its type declares; frames. */
      readonly kind: 'latency';
      readonly declared: number;
      readonly measured: number;
    }
);

/** From a gesture to the sound, in seconds. */
export interface LatencyStatus {
  /** The device's own, and one buffer of it. */
  readonly device: number;
  /** The fixed delay of events beyond a device buffer, and the limiter's look-ahead. */
  readonly engine: number;
  /** What the patch's nodes declare. */
  readonly patch: number;
  readonly total: number;
}

/** Frames on an edge's way that its reader has not read yet; how old they are and how long they take, in seconds. */
export interface EdgeReport extends Omit<EdgeStatus, 'fromNode' | 'fromOutput' | 'toNode' | 'isParameter' | 'toIndex'> {
  /** As the patch tells it: `saw.out -> low.in`. */
  readonly name: string;
  /** What its reader asked of the wheel, and was granted. */
  readonly contract: ReaderContract;
}

export type ReaderContract = Omit<ReaderTerms, 'from' | 'to'>;

/** Against the patch's budget: below `warm`, from there on, from half of the way to `limit` on, and from `limit` on. */
export type HeatState = 'cool' | 'warm' | 'hot' | 'over';

/** Of a node, a tap group or a whole graph. */
export interface HeatReport {
  /** Degrees Celsius: the ambient temperature and all heat. */
  readonly temperature: number;
  /** What warms it: mean squares a lane, summed over inputs. */
  readonly power: number;
  readonly state: HeatState;
}

export interface NodeHeatReport extends HeatReport {
  /** By which its inputs are made softer, because of "on_limit": 1 is not at all. */
  readonly gain: number;
}

/** All nodes together, and the patch's budget. */
export interface ThermalReport extends HeatReport {
  readonly ambient: number;
  readonly warm: number;
  readonly limit: number;
  /** Of each tap group, over all nodes. */
  readonly groups: readonly (HeatReport & { readonly name: string })[];
}

/** How long a node computes, in seconds, and how warm it is. */
export interface NodeReport extends NodeStatus, NodeHeatReport {
  readonly id: string;
  readonly type: string;
}

/** A synchrony gate. */
export interface GateReport {
  readonly id: string;
  /** `closing` and `opening`: it fades. */
  readonly state: GateState;
  readonly whileClosed: 'mute' | 'sample' | 'hold';
  /** What waits for its grid. */
  readonly change?: {
    readonly opens: boolean;
    /** Until then. */
    readonly seconds: number;
    /** Until then, where the grid is one of notes or bars. */
    readonly beats?: number;
  };
  /** Sound that it keeps for later. */
  readonly heldSeconds: number;
}

export type WorkerLoad = Pick<WorkerStatus, 'busy' | 'idle' | 'cpu'>;

/** What a sensor of the machine says. */
export type Temperature =
  | { readonly type: 'celsius'; readonly value: number; readonly sensor: string }
  | { readonly type: 'none'; readonly reason: string };

export interface RecordingStatus {
  readonly path: string;
  /** What is in the file. */
  readonly frames: number;
  readonly seconds: number;
  /** Why it goes no further. */
  readonly error?: string;
}

export interface Notice {
  /** Where in the stream it was said. */
  readonly seconds: number;
  readonly text: string;
}

/** What a screen may do with a performance. */
export interface ScreenPerformance {
  status(): SessionStatus;
  /** A key was pressed, by its name in `src/patch/control-source.ts`. */
  key(name: string): void;
  /** Silences every note. */
  panic(): void;
  /** Asks for the end; the performance stops soon. */
  requestStop(): void;
}
