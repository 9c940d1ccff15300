// The programs that are measured: each turns a rendering into a command.

import { join } from 'node:path';
import type { Command } from './measure/measure.js';
import { sampleRate } from './numbers.js';

/** The block of all that is not measured with several. */
export const usualBlock = 64;

export interface Rendering {
  /** Whole blocks. */
  readonly frames: number;
  readonly block: number;
  /** Threads that compute. */
  readonly workers: number;
  /** The file for the samples; nothing if nobody will read them. */
  readonly output: string | undefined;
}

/** Writes what a program reads, if it has not been written; gives the command. */
export type Render = (rendering: Rendering) => Command;

/** One thread, and nobody listens. */
export function alone(frames: number, block: number = usualBlock): Rendering {
  return { frames, block, workers: 1, output: undefined };
}

export const nowhere = '/dev/null';

/** The engine alone: a test program that reads a plan and writes plain samples, or goes back through it. Notes are in a file, if there are any. */
export function engineOn(renderPlan: string, plan: string, notes?: (frames: number) => string): Render {
  return ({ frames, block, workers, output }) => ({
    arguments: [
      renderPlan,
      plan,
      ...[frames, block, workers].map(String),
      ...(notes === undefined ? [] : [`@${notes(frames)}`]),
    ],
    output: output ?? nowhere,
  });
}

/** The command `amp-live render`: reads the patch, makes the plan, writes a WAV file, which must be a regular one. */
export function renderOn(main: string, patch: string, soundFolder: string, midi?: (frames: number) => string): Render {
  return ({ frames, block, workers, output }) => {
    const files = [patch, '-o', output ?? join(soundFolder, 'nowhere.wav')];
    const settings = Object.entries({ seconds: frames / sampleRate, block, workers });
    const flags = settings.flatMap(([name, value]) => [`--${name}`, String(value)]);
    const notes = midi === undefined ? [] : ['--midi', midi(frames)];
    return { arguments: [process.execPath, main, 'render', ...files, ...flags, ...notes], output: nowhere };
  };
}
