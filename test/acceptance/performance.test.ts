// What is played live is rendered again from its journal, bit for bit.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { readWav } from '../session/wav-reader.js';
import type { TemporaryFolder } from '../temporary-folder.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { runAmpLive } from './commands.js';
import { repository } from './patch-files.js';

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

interface PlayedLine {
  readonly type: string;
  readonly osc?: { readonly port: number };
  readonly journal?: { readonly events: number };
}

/** Plays the glass pad on the clock device for some seconds, while OSC moves it, and gives its last line. */
async function perform(folder: TemporaryFolder, seconds: number): Promise<PlayedLine> {
  const options = ['--midi', 'patches/glass_pad.mid', '--loop', '--device', 'clock', '--osc-port', '0', '--headless'];
  const files = ['--record', folder.at('live.wav'), '--journal', folder.at('live.journal')];
  const args = ['dist/src/cli/main.js', 'play', 'patches/glass_pad.jsonc', ...options, ...files];
  const child = spawn(process.execPath, [...args, '--seconds', `${seconds}`], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let last: PlayedLine = { type: 'none' };
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = JSON.parse(line);
    const port = last.osc?.port;
    if (port !== undefined) {
      for (const [address, types, ...values] of messages) {
        spawnSync('oscsend', ['127.0.0.1', `${port}`, address, types, ...values]);
      }
    }
  });
  await once(child, 'close');
  return last;
}

/** After each status line: a parameter moves, a note begins. */
const messages = [
  ['/filter/cutoff', 'f', '1500'],
  ['/note', 'iif', '1', '64', '0.7'],
  ['/filter/cutoff', 'f', '600'],
  ['/note', 'iif', '1', '64', '0'],
] as const;

test('a performance is rendered again from its journal, at other blocks and workers, with the same bits', async () => {
  const folder = makeTemporaryFolder();
  const last = await perform(folder, 5);
  expect(last).toMatchObject({ type: 'summary', frames: 240_000 });
  expect(last.journal?.events).toBeGreaterThan(8);
  const { samples } = readWav(folder.at('live.wav'));
  expect(samples.some((sample) => Math.abs(sample) > 0.05)).toBe(true);
  for (const [block, workers] of [
    ['257', '2'],
    ['1024', '1'],
  ] as const) {
    const again = folder.at(`${block}.wav`);
    const rendering = ['render', '--journal', folder.at('live.journal'), '-o', again];
    expect(runAmpLive(...rendering, '--block', block, '--workers', workers)).toMatchObject({ exitCode: 0, errors: '' });
    expect(sha256(again)).toBe(sha256(folder.at('live.wav')));
  }
});

test('a journal that broke off is rendered as far as it goes, and says so', async () => {
  const folder = makeTemporaryFolder();
  await perform(folder, 3);
  const journal = readFileSync(folder.at('live.journal'));
  folder.write('cut.journal', journal.subarray(0, journal.length - 5));
  const { exitCode, errors } = runAmpLive('render', '--journal', folder.at('cut.journal'), '-o', folder.at('cut.wav'));
  expect(exitCode).toBe(0);
  expect(errors).toContain('the journal broke off');
  const [cut, whole] = [readWav(folder.at('cut.wav')).samples, readWav(folder.at('live.wav')).samples];
  expect(cut.length).toBeGreaterThan(0);
  expect(cut).toEqual(whole.subarray(0, cut.length));
});
