// The programs that are measured, each as a command that renders a workload.

import { spawnSync } from 'node:child_process';
import type { Command } from './measure/measure.js';
import type { WorkloadId } from './workloads.js';
import { sampleRate } from './workloads.js';

export const block = 64;

export interface Rendering {
  readonly workload: WorkloadId;
  readonly channels: number;
  /** Whole blocks of frames. */
  readonly frames: number;
  /** Where the samples go. */
  readonly output: string;
  /** Threads that compute; scsynth has one. */
  readonly workers: number;
}

export interface Program {
  readonly name: 'engine' | 'render' | 'scsynth';
  /** The output for sound that nobody reads. */
  readonly nowhere: string;
  readonly command: (rendering: Rendering) => Command;
}

/** Where a workload's patch, plan and scores are kept. */
export type InputPath = (workload: WorkloadId, suffix: string) => string;

/** The engine alone: the test program that reads a plan and writes plain samples. */
export function engineProgram(renderPlan: string, inputPath: InputPath): Program {
  return {
    name: 'engine',
    nowhere: '/dev/null',
    command: ({ workload, frames, output, workers }) => ({
      arguments: [renderPlan, inputPath(workload, '.plan'), ...[frames, block, workers].map(String)],
      output,
    }),
  };
}

/** The command `amp-live render`: reads the patch, makes the plan, writes a WAV file, which must be a regular one. */
export function renderProgram(main: string, inputPath: InputPath, nowhere: string): Program {
  return {
    name: 'render',
    nowhere,
    command: ({ workload, frames, output, workers }) => {
      const files = [inputPath(workload, '.jsonc'), '-o', output];
      const settings = Object.entries({ seconds: frames / sampleRate, block, workers });
      const flags = settings.flatMap(([name, value]) => [`--${name}`, String(value)]);
      return { arguments: [process.execPath, main, 'render', ...files, ...flags], output: '/dev/null' };
    },
  };
}

export function scsynthProgram(inputPath: InputPath): Program {
  return {
    name: 'scsynth',
    nowhere: '/dev/null',
    command: ({ workload, channels, frames, output }) => {
      const file = [inputPath(workload, scoreSuffix(frames)), '_', output, String(sampleRate), 'WAV', 'float'];
      const settings = { z: block, i: 0, o: channels, n: 16_384, m: 32_768, w: 2048, R: 0, D: 0 };
      const flags = Object.entries(settings).flatMap(([name, value]) => [`-${name}`, String(value)]);
      return { arguments: ['scsynth', '-N', ...file, ...flags], output: '/dev/null' };
    },
  };
}

/** The end of the name of the score that lasts so many frames. */
export function scoreSuffix(frames: number): string {
  return `-${frames}.osc`;
}

/** The version that scsynth gives of itself, or nothing if it is not installed. */
export function scsynthVersion(): string | undefined {
  const { status, stdout } = spawnSync('scsynth', ['-v'], { encoding: 'utf8' });
  return status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
}
