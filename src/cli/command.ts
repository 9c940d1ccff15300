// What a command is: its face on the command line, and what it does.

import { availableParallelism } from 'node:os';
import type { Option, Options, OptionValues } from './options.js';

export interface Command<Every extends Options = Options> {
  readonly name: string;
  /** What it does, for the list of commands. */
  readonly summary: string;
  /** What follows its name, such as `PATCH -o OUT.wav [OPTIONS]`. */
  readonly usage: string;
  /** Further lines for its help. */
  readonly details: readonly string[];
  readonly options: Every;
  /** Names of the arguments that are no options; the last may repeat. */
  readonly positionals: { readonly least: number; readonly most: number; readonly name: string };
  /** Does it, and gives the exit code. */
  readonly run: (values: OptionValues<Every>, positionals: readonly string[]) => Promise<number>;
}

/** States a command; its `run` gets values of the types that its options say. */
export function defineCommand<const Every extends Options>(command: Command<Every>): Command {
  // The values that `run` gets are read by these very options.
  return command as unknown as Command;
}

/** Options that more than one command has. */
export const sharedOptions = {
  json: { type: 'flag', help: 'print JSON, for programs' },
  block: {
    type: 'number',
    value: 'N',
    minimum: 1,
    maximum: 4096,
    isWhole: true,
    help: 'frames in a block, 1 to 4096 (default 64); changes no bit of the sound',
  },
  workers: {
    type: 'number',
    value: 'N',
    minimum: 1,
    maximum: 64,
    isWhole: true,
    help: 'threads that compute (default: cores - 1, at least 1); changes no bit of the sound',
  },
  seconds: { type: 'number', value: 'S', minimum: 0.001, maximum: 1_000_000, isWhole: false, help: 'so long' },
  'sample-rate': {
    type: 'number',
    value: 'R',
    minimum: 8000,
    maximum: 768_000,
    isWhole: false,
    help: 'frames in a second (default 48000)',
  },
} as const satisfies Record<string, Option>;

export const defaultBlock = 64;
export const defaultSampleRate = 48_000;

/** One core is left to the host. */
export function defaultWorkers(): number {
  return Math.max(1, availableParallelism() - 1);
}
