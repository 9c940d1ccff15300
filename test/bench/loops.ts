// What a loop costs: a patch of many nodes with one small loop behind them, as long as a block and as short as a frame.

import { mkdirSync, writeFileSync } from 'node:fs';
import { planBytes } from './inputs.js';
import { measure } from './measure/measure.js';
import type { Figure } from './measure/statistics.js';
import { figureOf } from './measure/statistics.js';
import { block } from './programs.js';
import type { PatchDocument } from './workloads.js';
import { patchText, sampleRate, workloads } from './workloads.js';

/** Frames of the loop; 0 for none. */
const loopLengths = [0, block, 1] as const;

export interface LoopFigures {
  /** Frames of the loop; 0 for none. */
  readonly delay: number;
  /** User CPU seconds for 20 s of sound. */
  readonly slope: Figure;
  /** Nanoseconds for each frame more than without the loop, run by run. */
  readonly more: Figure;
}

export interface LoopSetting {
  readonly launcher: string;
  readonly folder: string;
  readonly runs: number;
  readonly renderPlan: string;
  readonly announce: (line: string) => void;
}

const shortLength = 20 * sampleRate;

/** Workload w4b with an echo behind its sum. */
function patchWithLoop(delay: number): PatchDocument {
  const workload = workloads.find(({ id }) => id === 'w4b');
  if (workload === undefined) {
    throw new Error('there is no workload w4b');
  }
  const { nodes, edges, ...rest } = workload.patch();
  const toOutput = edges.map((edge) => (edge.to === 'out' ? { ...edge, to: 'echo' } : edge));
  const loop = delay === 0 ? [] : [{ from: 'echo', to: 'echo', gain: 0.25, delay }];
  return {
    ...rest,
    nodes: { ...nodes, echo: { type: 'mix' } },
    edges: [...toOutput, { from: 'echo', to: 'out' }, ...loop],
  };
}

/** Measures the engine on the patch without a loop and with each, in turn, run after run. */
export function measureLoops({ launcher, folder, runs, renderPlan, announce }: LoopSetting): readonly LoopFigures[] {
  mkdirSync(folder, { recursive: true });
  const plans = loopLengths.map((delay) => {
    const path = `${folder}/loop-${delay}.plan`;
    writeFileSync(path, planBytes(patchText(patchWithLoop(delay)), path));
    return path;
  });
  const user = (plan: string, frames: number): number =>
    measure(launcher, { arguments: [renderPlan, plan, `${frames}`, `${block}`, '1'], output: '/dev/null' }).user;
  const slopes = Array.from({ length: runs }, (_, run) => {
    announce(`loops: run ${run + 1} of ${runs}`);
    return plans.map((plan) => user(plan, 2 * shortLength) - user(plan, shortLength));
  });
  return loopLengths.map((delay, index) => ({
    delay,
    slope: figureOf(slopes.map((run) => run[index] ?? Number.NaN)),
    more: figureOf(slopes.map((run) => (((run[index] ?? Number.NaN) - (run[0] ?? Number.NaN)) / shortLength) * 1e9)),
  }));
}
