// Runs the programs over the workloads and gathers figures.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Agreement } from './agreement.js';
import { compare, comparedSeconds } from './agreement.js';
import { writeInputs } from './inputs.js';
import type { Cost } from './measure/measure.js';
import { measure } from './measure/measure.js';
import type { Figure } from './measure/statistics.js';
import { figureOf, ratioOf } from './measure/statistics.js';
import type { InputPath, Program, Rendering } from './programs.js';
import { block } from './programs.js';
import { readSound } from './sound.js';
import type { Workload } from './workloads.js';
import { sampleRate } from './workloads.js';

export interface Setting {
  readonly launcher: string;
  /** A folder for patches, plans and scores. */
  readonly folder: string;
  /** A folder for sound, best in memory. */
  readonly soundFolder: string;
  readonly runs: number;
  /** The engine first, scsynth last if it is there. */
  readonly programs: readonly Program[];
  /** Says what is being done. */
  readonly announce: (line: string) => void;
}

export interface ProgramFigures {
  readonly program: Program['name'];
  /** User CPU seconds for 20 s of sound. */
  readonly slope: Figure;
  /** Of the slope to scsynth's, run by run. */
  readonly ratio: Figure | undefined;
  readonly footprint: Footprint;
}

export interface Footprint {
  /** CPU seconds, the system's too, of a render of one block. */
  readonly start: Figure;
  /** Largest resident memory in a render of 20 s, MiB. */
  readonly peak: Figure;
}

export interface WorkloadFigures {
  readonly workload: Workload;
  /** Of our programs with scsynth; the times of one that does not agree are left out. */
  readonly agreements: ReadonlyMap<Program['name'], Agreement>;
  readonly programs: readonly ProgramFigures[];
}

export interface Scaling {
  readonly workload: Workload;
  /** Seconds of wall time for 20 s of sound. */
  readonly oneWorker: Figure;
  readonly twoWorkers: Figure;
  /** Of the two, run by run. */
  readonly speedUp: Figure;
}

const shortLength = 20 * sampleRate;
const longLength = 2 * shortLength;
const comparedLength = comparedSeconds * sampleRate;

/** The path of an input in the folder of a setting. */
export function inputPathIn(folder: string): InputPath {
  return (workload, suffix) => join(folder, workload + suffix);
}

export function prepare(setting: Setting, workload: Workload): void {
  mkdirSync(setting.folder, { recursive: true });
  writeInputs(workload, [block, comparedLength, shortLength, longLength], inputPathIn(setting.folder));
}

/** Checks that the programs agree on a workload, then measures them in turn, run after run. */
export function measureWorkload(setting: Setting, workload: Workload): WorkloadFigures {
  const agreements = checkAgreement(setting, workload);
  const programs = setting.programs.filter(({ name }) => agreements.get(name)?.holds !== false);
  const runs = Array.from({ length: setting.runs }, (_, run) => {
    setting.announce(`${workload.id}: run ${run + 1} of ${setting.runs}`);
    return new Map(programs.map((program) => [program.name, measureOnce(setting, workload, program)]));
  });
  const figures = programs.map(({ name }) => {
    const slopes = slopesOf(runs, name);
    const peers = slopesOf(runs, 'scsynth');
    return {
      program: name,
      slope: figureOf(slopes),
      ratio: name !== 'scsynth' && peers.length > 0 ? ratioOf(slopes, peers) : undefined,
      footprint: footprintOf(runs.flatMap((run) => run.get(name) ?? [])),
    };
  });
  return { workload, agreements, programs: figures };
}

/** What Node takes to do nothing: the least that any program written for it does. */
export function measureNode(setting: Setting): Footprint {
  const command = { arguments: [process.execPath, '-e', '0'], output: '/dev/null' } as const;
  const costs = Array.from({ length: setting.runs }, () => measure(setting.launcher, command));
  return footprintOf(costs.map((cost) => ({ start: cost, short: cost })));
}

/** How much sooner a program has rendered a workload with two workers. */
export function measureScaling(setting: Setting, workload: Workload, program: Program): Scaling {
  const wallSlope = (workers: number): number => {
    const [short, long] = [shortLength, longLength].map((frames) => {
      return measure(setting.launcher, program.command({ ...toNowhere(program, workload, frames), workers })).wall;
    });
    return (long ?? Number.NaN) - (short ?? Number.NaN);
  };
  const runs = Array.from({ length: setting.runs }, (_, run) => {
    setting.announce(`${workload.id}, one worker and two: run ${run + 1} of ${setting.runs}`);
    return { one: wallSlope(1), two: wallSlope(2) };
  });
  const ones = runs.map(({ one }) => one);
  const twos = runs.map(({ two }) => two);
  return { workload, oneWorker: figureOf(ones), twoWorkers: figureOf(twos), speedUp: ratioOf(ones, twos) };
}

interface Run {
  readonly start: Cost;
  readonly short: Cost;
  readonly long: Cost;
}

function footprintOf(runs: readonly Pick<Run, 'start' | 'short'>[]): Footprint {
  return {
    start: figureOf(runs.map(({ start }) => start.user + start.system)),
    peak: figureOf(runs.map(({ short }) => short.peak)),
  };
}

function slopesOf(runs: readonly ReadonlyMap<Program['name'], Run>[], name: Program['name']): readonly number[] {
  return runs.flatMap((run) => {
    const costs = run.get(name);
    return costs === undefined ? [] : costs.long.user - costs.short.user;
  });
}

function measureOnce(setting: Setting, workload: Workload, program: Program): Run {
  const costOf = (frames: number): Cost => {
    return measure(setting.launcher, program.command(toNowhere(program, workload, frames)));
  };
  return { start: costOf(block), short: costOf(shortLength), long: costOf(longLength) };
}

function toNowhere({ nowhere }: Program, { id, channels }: Workload, frames: number): Rendering {
  return { workload: id, channels, frames, output: nowhere, workers: 1 };
}

/** Also the run that warms up: its time does not count. */
function checkAgreement(setting: Setting, workload: Workload): ReadonlyMap<Program['name'], Agreement> {
  setting.announce(`${workload.id}: compares the sound`);
  const { id, channels } = workload;
  const sounds = setting.programs.map(({ name, command }) => {
    const output = join(setting.soundFolder, `${id}-${name}`);
    measure(setting.launcher, command({ workload: id, channels, frames: comparedLength, output, workers: 1 }));
    const sound = readSound(output, channels);
    rmSync(output);
    return { name, sound };
  });
  const reference = sounds.find(({ name }) => name === 'scsynth')?.sound;
  const ours = sounds.filter(({ name }) => name !== 'scsynth');
  return new Map(reference && ours.map(({ name, sound }) => [name, compare(id, sound, reference)] as const));
}
