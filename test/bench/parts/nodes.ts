// What the number of nodes costs: independent ones of one lane, from few to many, in the running and before it.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Figure } from '../measure/statistics.js';
import { figureOf } from '../measure/statistics.js';
import { sampleRate } from '../numbers.js';
import { independentNodes, patchText, scheduled } from '../patch-documents.js';
import { alone, usualBlock } from '../programs.js';
import type { Setting } from '../setting.js';
import { engine } from '../setting.js';
import type { SlopeRun } from '../slope.js';
import { lengthFor, slopeRun, toldSeconds } from '../slope.js';
import type { PlannerTimes } from '../time-planner.js';

interface Size {
  readonly nodes: number;
  readonly schedule: 'kpn' | 'ipls';
}

const sizes: readonly Size[] = [
  ...[10, 100, 1000, 10_000, 20_000].map((nodes) => ({ nodes, schedule: 'kpn' as const })),
  { nodes: 10_000, schedule: 'ipls' },
];

/** The two sizes of which the target speaks, in the order of readiness. */
export const comparedSizes = [100, 10_000] as const;

export interface NodeFigures extends Size {
  /** Nanoseconds of user CPU for a node and block. */
  readonly firing: Figure;
  /** Milliseconds in which the host reads and checks the patch. */
  readonly reader: Figure;
  /** The same for the plan that it makes of it. */
  readonly planner: Figure;
  /** Milliseconds from the start of the engine alone to the end of its first block. */
  readonly start: Figure;
}

const timesSchema = z.strictObject({ read: z.number(), plan: z.number(), encode: z.number() });

/** A guess of what a node takes, in seconds, from which the length of a render follows. */
const roughFiring = 60e-9;
/** The same of all else in a block. */
const roughBlock = 2e-6;

/** Measures the engine over all sizes in turn, run after run. */
export function measureNodes(setting: Setting): readonly NodeFigures[] {
  const patches = sizes.map((size) => ({ size, ...writePatch(setting, size) }));
  const runs = Array.from({ length: setting.runs }, (_, run) => {
    setting.announce(`nodes: run ${run + 1} of ${setting.runs}`);
    return patches.map((each) => runOnce(setting, each));
  });
  return patches.map(({ size }, index) => {
    const own = runs.flatMap((run) => run[index] ?? []);
    return {
      ...size,
      firing: figureOf(own.map(({ slope }) => nanosecondsOfFiring(slope, size.nodes))),
      reader: figureOf(own.map(({ times }) => times.read)),
      planner: figureOf(own.map(({ times }) => times.plan + times.encode)),
      start: figureOf(own.map(({ slope }) => slope.start.wall * 1000)),
    };
  });
}

interface Written {
  readonly size: Size;
  readonly patch: string;
  readonly plan: string;
}

function writePatch({ folder }: Setting, { nodes, schedule }: Size): Omit<Written, 'size'> {
  const name = `nodes-${nodes}-${schedule}`;
  const document = independentNodes(nodes);
  const patch = join(folder, `${name}.jsonc`);
  writeFileSync(patch, patchText(schedule === 'ipls' ? scheduled(document) : document, name));
  return { patch, plan: `${name}.plan` };
}

function runOnce(setting: Setting, { size, patch, plan }: Written): { times: PlannerTimes; slope: SlopeRun } {
  const times = timePlanner(patch, join(setting.folder, plan));
  const second = (sampleRate / usualBlock) * (size.nodes * roughFiring + roughBlock);
  const slope = slopeRun(
    setting,
    { name: plan, render: engine(setting, plan) },
    lengthFor({ start: 0, second }, { least: 1 }),
    alone(0),
  );
  return { times, slope };
}

function nanosecondsOfFiring({ user }: SlopeRun, nodes: number): number {
  const firings = (nodes * toldSeconds * sampleRate) / usualBlock;
  return (user / firings) * 1e9;
}

/** In a process of its own, as the commands do it: nothing of it has been run before. */
function timePlanner(patch: string, plan: string): PlannerTimes {
  const program = fileURLToPath(new URL('../time-planner.js', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, patch, plan], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${program} ${patch}: ${stderr}`);
  }
  return timesSchema.parse(JSON.parse(stdout));
}
