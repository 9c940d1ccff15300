// What a loop costs: a patch of many nodes with one small loop behind them, as long as a block and as short as a frame.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planBytes } from '../inputs.js';
import type { Figure } from '../measure/statistics.js';
import { figureOf } from '../measure/statistics.js';
import { sampleRate } from '../numbers.js';
import type { PatchDocument } from '../patch-documents.js';
import { branchesAsLanes, patchText } from '../patch-documents.js';
import { alone, usualBlock } from '../programs.js';
import type { Setting } from '../setting.js';
import { engine } from '../setting.js';
import { lengthFor, roughCost, slopesInTurn, toldSeconds } from '../slope.js';

/** Frames of the loop; 0 for none. */
const loopLengths = [0, usualBlock, 1] as const;

export interface LoopFigures {
  /** Frames of the loop; 0 for none. */
  readonly delay: number;
  /** User CPU seconds for 20 s of sound. */
  readonly slope: Figure;
  /** Nanoseconds for each frame more than without the loop, run by run. */
  readonly more: Figure;
}

/** Workload w4b with an echo behind its sum. */
function patchWithLoop(delay: number): PatchDocument {
  const { nodes, edges, ...rest } = branchesAsLanes();
  const toOutput = edges.map((edge) => (edge.to === 'out' ? { ...edge, to: 'echo' } : edge));
  const loop = delay === 0 ? [] : [{ from: 'echo', to: 'echo', gain: 0.25, delay }];
  return {
    ...rest,
    nodes: { ...nodes, echo: { type: 'mix' } },
    edges: [...toOutput, { from: 'echo', to: 'out' }, ...loop],
  };
}

/** Measures the engine on the patch without a loop and with each, in turn, run after run. */
export function measureLoops(setting: Setting): readonly LoopFigures[] {
  const contestants = loopLengths.map((delay) => {
    const plan = `loop-${delay}.plan`;
    writeFileSync(join(setting.folder, plan), planBytes(patchText(patchWithLoop(delay), 'a loop'), plan));
    const contestant = { name: plan, render: engine(setting, plan) };
    return { ...contestant, frames: lengthFor(roughCost(setting, contestant)), rendering: alone(0) };
  });
  const slopes = slopesInTurn(setting, contestants, 'loops').map(({ user }) => user);
  const frames = toldSeconds * sampleRate;
  return loopLengths.map((delay, index) => {
    const own = slopes[index] ?? [];
    const more = own.map((slope, run) => ((slope - (slopes[0]?.[run] ?? Number.NaN)) / frames) * 1e9);
    return { delay, slope: figureOf(own), more: figureOf(more) };
  });
}
