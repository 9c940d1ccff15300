// Patches that are saved and replaced again and again while they play, in a process of its own, with a machine to themselves.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { runAmpLive } from '../acceptance/commands.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { isLongSuite } from './jack/suite-length.js';
import { repository, startPlaying } from './playing.js';

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** How often the patch is saved. */
const saves = isLongSuite ? 60 : 6;

it('causes no late block, and the journal gives the recording again', async () => {
  const { at, write } = makeTemporaryFolder();
  const pad = readFileSync(join(repository, 'patches', 'glass_pad.jsonc'), 'utf8');
  const patch = write('pad.jsonc', pad);
  const score = join(repository, 'patches', 'glass_pad.mid');
  const playing = startPlaying([
    ...[patch, '--midi', score, '--loop', '--device', 'clock', '--block', '256', '--osc-port', '0'],
    ...['--record', at('live.wav'), '--journal', at('live.journal')],
  ]);
  onTestFinished(async () => {
    await playing.end();
  });
  const before = await playing.until(({ seconds }) => seconds > 2);
  for (let save = 1; save <= saves; save++) {
    write('pad.jsonc', pad.replace('"tempo": 96', `"tempo": ${96 + (save % 2)}`));
    await playing.until(({ handOvers }) => handOvers === save);
    await sleep(200 * Math.random());
  }
  const after = await playing.until(({ handOvers }) => handOvers === saves);
  expect((await playing.end()).exitCode).toBe(0);
  // Elsewhere other programs take the processor away whenever they like.
  if (isLongSuite) {
    expect(after.xruns.nodeLate, JSON.stringify(after.xruns)).toBe(before.xruns.nodeLate);
  }
  const rendering = ['render', '--journal', at('live.journal'), '-o', at('again.wav'), '--block', '100'];
  expect(runAmpLive(...rendering).errors).toBe('');
  expect(sha256(at('again.wav'))).toBe(sha256(at('live.wav')));
});
