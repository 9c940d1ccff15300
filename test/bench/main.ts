// The benchmark: all workloads, or some, against scsynth.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureLoops } from './loops.js';
import { describeMachine } from './machine.js';
import type { Setting } from './measurements.js';
import { inputPathIn, measureNode, measureScaling, measureWorkload, prepare } from './measurements.js';
import type { Options } from './options.js';
import { replaceReport } from './page.js';
import { engineProgram, renderProgram, scsynthProgram, scsynthVersion } from './programs.js';
import { formatReport } from './report.js';

/** What the caller has built and where it keeps it. */
export interface Checkout {
  readonly root: string;
  /** test/bench/measure/measure-command.c, compiled. */
  readonly launcher: string;
  /** The program amp_render_plan. */
  readonly renderPlan: string;
}

/** Runs the benchmark; gives the exit code: 0, or 1 if a sound differs from the peer's. */
export function main(options: Options, checkout: Checkout): number {
  const soundFolder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'amp-live-bench-'));
  try {
    return bench(options, checkout, soundFolder);
  } finally {
    rmSync(soundFolder, { recursive: true });
  }
}

function bench(options: Options, { root, launcher, renderPlan }: Checkout, soundFolder: string): number {
  const { commandLine, chosen, runs, write } = options;
  const machine = describeMachine(options.engine);
  const folder = join(root, 'build', 'bench', 'workloads');
  const inputPath = inputPathIn(folder);
  const version = scsynthVersion();
  const engine = engineProgram(renderPlan, inputPath);
  const command = join(root, 'dist', 'src', 'cli', 'main.js');
  const render = renderProgram(command, inputPath, join(soundFolder, 'nowhere.wav'));
  const programs = [engine, render, ...(version === undefined ? [] : [scsynthProgram(inputPath)])];
  const announce = (line: string): boolean => process.stderr.write(`bench: ${line}\n`);
  const setting: Setting = { launcher, folder, soundFolder, runs, programs, announce };
  for (const workload of chosen) {
    prepare(setting, workload);
  }
  const measured = chosen.map((workload) => measureWorkload(setting, workload));
  const scaled = chosen.filter(({ id }) => id === 'w4' || id === 'w4b');
  const report = formatReport({
    command: ['npm run bench', ...(commandLine.length > 0 ? ['--', ...commandLine] : [])].join(' '),
    machine,
    runs,
    scsynthVersion: version,
    workloads: measured,
    node: measureNode(setting),
    scalings: scaled.map((workload) => measureScaling(setting, workload, engine)),
    loops: chosen.some(({ id }) => id === 'w4b') ? measureLoops({ ...setting, renderPlan }) : [],
  });
  process.stdout.write(`${report}\n`);
  if (write) {
    const page = join(root, 'docs', 'performance.md');
    writeFileSync(page, replaceReport(readFileSync(page, 'utf8'), report));
  }
  return measured.some(({ agreements }) => [...agreements.values()].some(({ holds }) => !holds)) ? 1 : 0;
}
