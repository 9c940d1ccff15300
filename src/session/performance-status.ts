// Puts together what a performance tells about itself, from what each part of it tells.

import type { LiveStatus, LiveStreamer } from '../engine/live-streamer.js';
import { negotiate } from '../plan/negotiation.js';
import type { Plan } from '../plan/plan.js';
import type { ControlStatus, StatusReport } from './control/control-thread.js';
import { gateReports } from './gate-status.js';
import { planHeat } from './heat-report.js';
import { edgeNames, movingName } from './plan-names.js';
import { fullestEdges, heaviestNodes, hottestNodes } from './rankings.js';
import type {
  DeviceStatus,
  HandOverStatus,
  LatencyStatus,
  MemoryStatus,
  NodeFaultSummary,
  NodeHeatReport,
  Notice,
  ReaderContract,
  RecordingStatus,
  RefusalStatus,
  SessionStatus,
  Temperature,
  XrunSummary,
} from './status.js';

/** What does not change while one plan plays. */
export interface PerformanceFacts {
  readonly patchPath: string;
  readonly plan: Plan;
  readonly edgeNames: readonly string[];
  readonly contracts: readonly ReaderContract[];
}

/** What does. */
export interface PerformanceState {
  readonly live: LiveStatus;
  readonly load: SessionStatus['load'];
  readonly xruns: XrunSummary;
  readonly faults: NodeFaultSummary;
  readonly device: DeviceStatus;
  /** The device's own latency in seconds, without its buffer. */
  readonly deviceLatency: number;
  readonly temperature: Temperature;
  /** Since the start, where the system counts it. */
  readonly throttles: number | undefined;
  readonly control: ControlStatus;
  readonly recording: RecordingStatus | undefined;
  readonly notices: readonly Notice[];
  readonly handOvers: { readonly count: number; readonly last: HandOverStatus | undefined };
  readonly refusal: RefusalStatus | undefined;
}

export function performanceFacts(patchPath: string, plan: Plan): PerformanceFacts {
  const contracts = negotiate(plan).readers.map(({ asked, granted, why }) => ({ asked, granted, why }));
  return { patchPath, plan, edgeNames: edgeNames(plan), contracts };
}

export function performanceStatus(
  { patchPath, plan, edgeNames: names, contracts }: PerformanceFacts,
  streamer: LiveStreamer,
  state: PerformanceState,
): SessionStatus {
  const { live, control, recording, handOvers, refusal, throttles } = state;
  const { player, journal } = control;
  const { stream, nodes } = plan;
  const snapshot = streamer.snapshot();
  const heat = planHeat(plan, streamer.heat());
  return {
    patch: { name: stream.name, path: patchPath, nodes: nodes.length, edges: plan.edges.length, tempo: stream.tempo },
    handOvers: handOvers.count,
    ...(handOvers.last === undefined ? {} : { handOver: handOvers.last }),
    ...(refusal === undefined ? {} : { refusal }),
    frame: live.clock,
    seconds: live.clock / stream.sampleRate,
    sampleRate: stream.sampleRate,
    block: streamer.block,
    workers: live.workers,
    realTimeWorkers: live.realTimeWorkers,
    device: state.device,
    load: state.load,
    memory: memoryOf(streamer),
    xruns: state.xruns,
    latency: latencyOf(state, streamer, stream),
    levels: streamer.levels(),
    snapshot: snapshot.number,
    faults: state.faults,
    edges: snapshot.edges.map(({ fromNode, fromOutput, toNode, isParameter, toIndex, ...measured }, index) => {
      return { name: names[index] ?? '', ...measured, contract: contracts[index] ?? unknownContract };
    }),
    nodes: snapshot.nodes.map((measured, index) => {
      return {
        id: nodes[index]?.id ?? '',
        type: nodes[index]?.type ?? '',
        ...measured,
        ...(heat.nodes[index] ?? atRest),
      };
    }),
    gates: gateReports(plan, streamer.gates(), { clock: live.clock, latency: streamer.latency }),
    workerLoads: snapshot.workers.map(({ busy, idle, cpu }) => ({ busy, idle, cpu })),
    thermal: heat.thermal,
    temperature: state.temperature,
    ...(throttles === undefined ? {} : { throttles }),
    midi: control.midi,
    osc: control.osc,
    ...(player === undefined ? {} : { player }),
    ...(journal === undefined ? {} : { journal }),
    ...(recording === undefined ? {} : { recording }),
    heldNotes: control.notes.held,
    lateEvents: live.lateEvents,
    lostEvents: live.lostEvents,
    shedVoices: live.shedVoices,
    slowMoves: streamer.slowMoves().map((slow) => ({ target: movingName(plan, names, slow), moves: slow.moves })),
    notices: state.notices,
  };
}

/** Of an edge that the plan does not have any more. */
const unknownContract: ReaderContract = {
  asked: { delay: 0, asks: 0, maxFrames: null },
  granted: { history: 0, maxFrames: 0, overflow: 'drop_oldest' },
  why: '',
};

/** A node that the plan does not have any more. */
const atRest: NodeHeatReport = { temperature: 0, power: 0, state: 'cool', gain: 1 };

function memoryOf(streamer: LiveStreamer): MemoryStatus {
  const { reserved: _, ...memory } = streamer.arenaStats();
  return memory;
}

function latencyOf(
  { live, deviceLatency }: PerformanceState,
  { latency }: LiveStreamer,
  { sampleRate, outputLatency }: Plan['stream'],
): LatencyStatus {
  const device = deviceLatency + live.deviceFrames / sampleRate;
  const engine = (live.eventDelay - live.deviceFrames + latency) / sampleRate;
  const patch = outputLatency / sampleRate;
  return { device, engine, patch, total: device + engine + patch };
}

/** An answer of more would be cut on its way. */
const longestRefusal = 400;

function refusalOf({ refusal }: SessionStatus): readonly string[] {
  return (refusal?.reasons ?? []).slice(0, 1).map((reason) => reason.slice(0, longestRefusal));
}

/** So many nodes and edges fit into one packet, and say where to look. */
const mostListed = 8;

/** The part of a status that OSC subscribers get, by the last word of the address. */
export function statusReport(status: SessionStatus): StatusReport {
  const { device, load, memory, xruns, faults, latency, levels, gates, thermal, temperature, throttles } = status;
  const nodes = heaviestNodes(status.nodes).slice(0, mostListed);
  const edges = fullestEdges(status.edges).slice(0, mostListed);
  const hottest = hottestNodes(status.nodes).slice(0, mostListed);
  return {
    device: [device.name, device.kind, device.sampleRate, device.frames, device.note ?? ''],
    load: [load.mean, load.worst, status.shedVoices],
    memory: [memory.committed, memory.used, memory.growths, memory.failedGrowths, memory.waitedSeconds],
    xruns: [xruns.total, xruns.nodeLate, xruns.threadNotRun, xruns.deviceNotRun, xruns.anchors, xruns.growths],
    faults: [faults.total, ...faults.recent.slice(-1).map(({ text }) => text)],
    latency: [latency.total, latency.device, latency.engine, latency.patch],
    levels: levels.flatMap(({ peak, rms }) => [peak, rms]),
    clock: [BigInt(status.frame), status.seconds],
    patch: [status.patch.name, status.patch.path, BigInt(status.handOver?.frame ?? 0), ...refusalOf(status)],
    ...Object.fromEntries(
      gates.map(({ id, state, change, heldSeconds }) => [
        `gate/${id}`,
        [
          state,
          change === undefined ? '' : change.opens ? 'opens' : 'closes',
          change?.seconds ?? 0,
          change?.beats ?? 0,
          heldSeconds,
        ],
      ]),
    ),
    thermal: [
      thermal.temperature,
      thermal.state,
      thermal.power,
      ...thermal.groups.slice(0, mostListed).flatMap(({ name, temperature, state }) => [name, temperature, state]),
    ],
    'thermal/nodes': hottest.flatMap(({ id, temperature, state, gain }) => [id, temperature, state, gain]),
    heat: [
      ...(temperature.type === 'celsius' ? [temperature.value, temperature.sensor] : [temperature.reason]),
      ...(throttles === undefined ? [] : [throttles]),
    ],
    moves: status.slowMoves.slice(0, mostListed).flatMap(({ target, moves }) => [target, moves]),
    workers: status.workerLoads.flatMap(({ busy, cpu }) => [busy, cpu]),
    nodes: nodes.flatMap(({ id, share, last, mean, p99, max, late, stood, stands }) => {
      return [id, share, last, mean, p99, max, late, BigInt(stood), stands ? 1 : 0];
    }),
    edges: edges.flatMap(({ name, depth, peak, oldestAge, meanTraversal, maxTraversal, drops, growths }) => {
      return [name, depth, peak, oldestAge, meanTraversal, maxTraversal, drops, growths];
    }),
  };
}
