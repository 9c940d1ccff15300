// The workloads: what each of our patches takes beside each peer that makes the same piece.

import type { Agreement } from '../agreement.js';
import { compare } from '../agreement.js';
import type { Attempt } from '../attempt.js';
import { attempt } from '../attempt.js';
import { patchPath, writePlan } from '../inputs.js';
import { listen } from '../listening.js';
import type { Figure } from '../measure/statistics.js';
import { figureOf, ratioOf } from '../measure/statistics.js';
import type { Contestant, Setting } from '../setting.js';
import { engine, render } from '../setting.js';
import type { Footprint, SlopeRun } from '../slope.js';
import { footprintOf, lengthFor, roughCost, slopeRun } from '../slope.js';
import type { PieceId, Workload } from '../workloads.js';

export interface ProgramFigures {
  /** User CPU seconds for 20 s of sound. */
  readonly slope: Figure;
  readonly footprint: Footprint;
}

export interface WorkloadFigures {
  readonly workload: Workload;
  readonly engine: ProgramFigures;
  readonly render: ProgramFigures;
  /** Of the engine's slope to that of the fastest peer, run by run; nothing without a peer. */
  readonly ratio: Figure | undefined;
}

/** What came of a program that is compared with the engine. */
export interface Comparison {
  readonly name: string;
  readonly agreement: Agreement;
}

export interface PeerOutcome {
  readonly name: string;
  /** Of a peer that made the piece as we do. */
  readonly figures: ProgramFigures | undefined;
  /** Why there are none. */
  readonly reason: string | undefined;
}

export interface PieceFigures {
  readonly piece: PieceId;
  readonly workloads: readonly WorkloadFigures[];
  readonly peers: readonly PeerOutcome[];
  /** The name of the peer with the least median. */
  readonly fastest: string | undefined;
  /** Of all other programs with the engine on the first of the workloads. */
  readonly comparisons: readonly Comparison[];
}

interface Ours {
  readonly workload: Workload;
  readonly engine: Contestant;
  readonly render: Contestant;
}

/** Measures all programs on a piece in turn, run after run; of our patches those that are chosen. */
export function measurePiece(setting: Setting, piece: PieceId, chosen: readonly Workload[]): PieceFigures {
  const ours = chosen.map((workload) => contestantsOf(setting, workload));
  const [peers, reasons] = peersOn(setting, piece);
  const own = ours.flatMap(({ engine, render }) => [engine, render]);
  const comparisons = compareAll(setting, piece, [...own, ...peers]);
  for (const { name, agreement } of comparisons.filter((each) => !each.agreement.holds)) {
    reasons.set(name, agreement.finding);
  }
  const runs = runInTurn(setting, piece, [...own, ...peers.filter(({ name }) => !reasons.has(name))]);
  const runsOf = (name: string): readonly SlopeRun[] => {
    const all = runs.get(name) ?? [];
    const broken = all.find((run) => !run.ok);
    if (broken !== undefined) {
      if (own.some((each) => each.name === name)) {
        throw new Error(`${name} ${broken.reason}`);
      }
      reasons.set(name, broken.reason);
    }
    return broken === undefined ? all.flatMap((run) => (run.ok ? run.value : [])) : [];
  };
  const slopes = (name: string): readonly number[] => runsOf(name).map(({ user }) => user);
  const fastest = peers
    .map(({ name }) => name)
    .filter((name) => runsOf(name).length > 0)
    .toSorted((a, b) => figureOf(slopes(a)).median - figureOf(slopes(b)).median)[0];
  return {
    piece,
    workloads: ours.map(({ workload, engine, render }) => ({
      workload,
      engine: figuresOf(runsOf(engine.name)),
      render: figuresOf(runsOf(render.name)),
      ratio: fastest === undefined ? undefined : ratioOf(slopes(engine.name), slopes(fastest)),
    })),
    peers: setting.peers.map(({ peer: { name } }) => {
      const reason = reasons.get(name);
      return { name, reason, figures: reason === undefined ? figuresOf(runsOf(name)) : undefined };
    }),
    fastest,
    comparisons,
  };
}

/** The first of the contestants with each of the others. */
function compareAll(
  setting: Setting,
  piece: PieceId,
  [reference, ...others]: readonly Contestant[],
): readonly Comparison[] {
  setting.announce(`${piece}: compares the sound`);
  const sound = reference === undefined ? [] : listen(setting, piece, reference);
  return others.map((other) => {
    const heard = attempt(() => compare(piece, sound, listen(setting, piece, other)));
    return { name: other.name, agreement: heard.ok ? heard.value : { holds: false, finding: heard.reason } };
  });
}

function contestantsOf(setting: Setting, workload: Workload): Ours {
  const patch = patchPath(setting.root, workload.id);
  const plan = writePlan(patch, workload.id, setting.folder);
  return {
    workload,
    engine: { name: `engine, ${workload.id}`, render: engine(setting, plan) },
    render: { name: `render, ${workload.id}`, render: render(setting, patch) },
  };
}

/** The peers that make a piece, and the reasons of the others by their names. */
function peersOn(setting: Setting, piece: PieceId): readonly [readonly Contestant[], Map<string, string>] {
  const contestants: Contestant[] = [];
  const reasons = new Map<string, string>();
  for (const { peer, folder } of setting.peers) {
    const way = peer.render(piece, folder);
    if (typeof way === 'string') {
      reasons.set(peer.name, way);
    } else {
      contestants.push({ name: peer.name, render: way });
    }
  }
  return [contestants, reasons];
}

function runInTurn(
  setting: Setting,
  piece: PieceId,
  contestants: readonly Contestant[],
): ReadonlyMap<string, readonly Attempt<SlopeRun>[]> {
  const lengths = contestants.map((contestant) => attempt(() => lengthFor(roughCost(setting, contestant))));
  const runs = new Map<string, Attempt<SlopeRun>[]>(contestants.map(({ name }) => [name, []]));
  for (let run = 0; run < setting.runs; run += 1) {
    setting.announce(`${piece}: run ${run + 1} of ${setting.runs}`);
    for (const [index, contestant] of contestants.entries()) {
      const length = lengths[index];
      const slope = length?.ok ? attempt(() => slopeRun(setting, contestant, length.value)) : length;
      runs.get(contestant.name)?.push(...(slope === undefined ? [] : [slope]));
    }
  }
  return runs;
}

function figuresOf(runs: readonly SlopeRun[]): ProgramFigures {
  return { slope: figureOf(runs.map(({ user }) => user)), footprint: footprintOf(runs) };
}
