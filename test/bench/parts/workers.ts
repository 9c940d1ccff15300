// How much sooner, and at what cost, several workers render w4.

import { attempt } from '../attempt.js';
import { patchPath, writePlan } from '../inputs.js';
import type { Figure } from '../measure/statistics.js';
import { figureOf, ratioOf } from '../measure/statistics.js';
import { alone } from '../programs.js';
import type { Contestant, Setting } from '../setting.js';
import { engine } from '../setting.js';
import { lengthFor, roughCost, slopesInTurn } from '../slope.js';
import type { WorkloadId } from '../workloads.js';

const scaledWorkloads: readonly WorkloadId[] = ['w4', 'w4-ipls', 'w4b'];
const blocks = [64, 256] as const;

export interface WorkerFigures {
  readonly name: string;
  readonly block: number;
  readonly workers: number;
  /** Seconds of wall time for 20 s of sound. */
  readonly wall: Figure;
  /** Of the wall time with one worker to this, run by run. */
  readonly speedUp: Figure;
  /** Of the user CPU to that with one worker, run by run. */
  readonly burnt: Figure;
}

/** Up to four one by one, then doubled. */
export function workerCounts(cores: number): readonly number[] {
  const counts = [1, 2, 3, 4, ...[8, 16, 32, 64]].filter((count) => count <= cores);
  return counts.includes(cores) || cores > 64 || cores < 1 ? counts : [...counts, cores];
}

/** What was measured, and in a sentence each what was not. */
export interface WorkersOutcome {
  readonly figures: readonly WorkerFigures[];
  readonly leftOut: readonly string[];
}

/** Measures the engine on the plans of w4, and the peers that have workers, with each number of workers in turn. */
export function measureWorkers(setting: Setting, cores: number): WorkersOutcome {
  const outcomes = blocks.flatMap((block) => {
    const counts = workerCounts(cores);
    return contestants(setting).map((contestant) => ({
      name: `${contestant.name}, blocks of ${block}`,
      attempted: attempt(() => measureOne(setting, contestant, block, counts)),
    }));
  });
  return {
    figures: outcomes.flatMap(({ attempted }) => (attempted.ok ? attempted.value : [])),
    leftOut: outcomes.flatMap(({ name, attempted }) => (attempted.ok ? [] : `${name}: ${attempted.reason}`)),
  };
}

function contestants(setting: Setting): readonly Contestant[] {
  const ours = scaledWorkloads.map((id) => {
    const plan = writePlan(patchPath(setting.root, id), id, setting.folder);
    return { name: `engine, ${id}`, render: engine(setting, plan) };
  });
  const peers = setting.peers.flatMap(({ peer, folder }): readonly Contestant[] => {
    const render = peer.render('w4', folder);
    return peer.hasWorkers && typeof render !== 'string' ? [{ name: `${peer.name}, w4`, render }] : [];
  });
  return [...ours, ...peers];
}

function measureOne(
  setting: Setting,
  contestant: Contestant,
  block: number,
  counts: readonly number[],
): readonly WorkerFigures[] {
  const { name } = contestant;
  const frames = lengthFor(roughCost(setting, contestant, alone(0, block)));
  const variants = counts.map((workers) => ({ ...contestant, frames, rendering: { ...alone(0, block), workers } }));
  const slopes = slopesInTurn(setting, variants, `workers: ${name}, blocks of ${block}`);
  const [one] = slopes;
  return counts.map((workers, index) => {
    const own = slopes[index] ?? { wall: [], user: [] };
    return {
      name,
      block,
      workers,
      wall: figureOf(own.wall),
      speedUp: ratioOf(one?.wall ?? [], own.wall),
      burnt: ratioOf(own.user, one?.user ?? []),
    };
  });
}
