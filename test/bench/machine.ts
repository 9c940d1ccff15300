// What a figure was measured on.

import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { engineVersion } from '../../src/engine/describe.js';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Which one, and what it was built for. */
  readonly engine: string;
  readonly node: string;
  /** Of the checkout, and whether it has changes. */
  readonly commit: string;
  readonly date: string;
  /** Processes that want a processor, over the last minute. */
  readonly load: number;
}

/** `otherEngine` is the path of a program that is measured in place of our own. */
export function describeMachine(otherEngine: string | undefined): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    cores: processors.length,
    engine: otherEngine === undefined ? describeEngine() : `engine ${otherEngine}`,
    node: process.versions.node,
    commit: describeCommit(),
    date: new Date().toISOString().slice(0, 10),
    load: loadavg()[0] ?? 0,
  };
}

/** The addon's, which is built for the same processor as the program that is measured. */
function describeEngine(): string {
  const version = engineVersion();
  return version.ok ? `engine for ${version.engine.instructionSet}` : version.error.message;
}

function describeCommit(): string {
  const commit = git('rev-parse', '--short', 'HEAD');
  if (commit === undefined) {
    return 'unknown';
  }
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'native', 'CMakeLists.txt') !== '';
  return changed ? `${commit} with changes` : commit;
}

function git(...command: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', command, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}
