// Builds the program that measures a note's latency on the clock of a JACK server.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repository } from '../playing.js';

/** Compiles it into the build folder; gives its path. */
export function buildNoteLatency(): string {
  const source = fileURLToPath(new URL('note-latency.c', import.meta.url));
  const folder = join(repository, 'build', 'live');
  const program = join(folder, 'note-latency');
  mkdirSync(folder, { recursive: true });
  const args = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Wno-deprecated-declarations', '-D_DEFAULT_SOURCE'];
  const { status, stderr } = spawnSync('cc', [...args, source, '-o', program, '-ljack', '-lm'], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`note-latency.c does not compile:\n${stderr}`);
  }
  return program;
}
