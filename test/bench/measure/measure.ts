// What a program costs as a whole process, start-up included.

import { spawnSync } from 'node:child_process';
import { z } from 'zod';

/** A program, its arguments, and the file that its standard output goes to. */
export interface Command {
  readonly arguments: readonly [string, ...string[]];
  readonly output: string;
}

export interface Cost {
  /** Seconds of CPU in the program's own code. */
  readonly user: number;
  /** Seconds of CPU in the system's. */
  readonly system: number;
  /** Seconds. */
  readonly wall: number;
  /** Largest resident memory in MiB. */
  readonly peak: number;
}

const reportSchema = z.strictObject({
  status: z.int(),
  user: z.int(),
  system: z.int(),
  wall: z.int(),
  peak: z.int(),
});

const microsecond = 1e-6;

/** Runs a command to its end under test/bench/measure/measure-command.c. Throws with what it said if it fails. */
export function measure(launcher: string, command: Command): Cost {
  const result = spawnSync(launcher, [command.output, ...command.arguments], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.error !== undefined || result.status !== 0) {
    throw new Error(`${launcher}: ${result.error?.message ?? result.stderr}`);
  }
  const { status, user, system, wall, peak } = reportSchema.parse(JSON.parse(result.stdout));
  if (status !== 0) {
    throw new Error(`${command.arguments.join(' ')}: exit status ${status}: ${result.stderr.trim()}`);
  }
  return { user: user * microsecond, system: system * microsecond, wall: wall * microsecond, peak: peak / 1024 };
}
