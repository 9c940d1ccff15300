// Runs `amp-live` as a performer does, in a process of its own.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sound } from '../measure/wav.js';
import { readWav } from '../measure/wav.js';
import { commandsIn, openingComment, repository } from './patch-files.js';

export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs words of a command line in the repository's folder. */
export function runCommand([program = '', ...args]: readonly string[]): CommandResult {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: repository, encoding: 'utf8' });
  return { exitCode: status, output: stdout, errors: stderr };
}

/** `amp-live` with these arguments. */
export function runAmpLive(...args: readonly string[]): CommandResult {
  return runCommand(['npm', 'run', '-s', 'amp', '--', ...args]);
}

/** Something done with the path of a file that exists only meanwhile. */
export function withTemporaryFile<Result>(name: string, act: (path: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'amp-live-'));
  try {
    return act(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The words of the one command in a patch's opening comment that renders it. */
export function renderCommandOf(patch: string): readonly string[] {
  const [command, ...more] = commandsIn(openingComment(patch)).filter((words) => words.includes('render'));
  if (command === undefined || more.length > 0) {
    throw new Error(
      `${patch} opens with ${more.length + (command === undefined ? 0 : 1)} commands that render; one fits`,
    );
  }
  return command;
}

/** Runs the command that a patch opens with, but for the place of its file, and gives what it writes there. */
export function renderAsItSays(patch: string): Sound {
  const words = renderCommandOf(patch);
  const output = words.indexOf('-o') + 1;
  return withTemporaryFile('rendered.wav', (path) => {
    const { exitCode, errors } = runCommand(words.map((word, index) => (index === output ? path : word)));
    if (exitCode !== 0) {
      throw new Error(`${words.join(' ')}: exit code ${exitCode}\n${errors}`);
    }
    return readWav(readFileSync(path));
  });
}
