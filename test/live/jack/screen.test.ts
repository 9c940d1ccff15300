// The screen draws while a real audio server plays, and costs the sound nothing.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { makeTemporaryFolder } from '../../temporary-folder.js';
import { PtyProgram } from '../../tui/pty-program.js';
import { repository } from '../playing.js';
import { startJackServer } from './jack-server.js';
import { isLongSuite, performanceSeconds } from './suite-length.js';

it('draws, and no node is late', async () => {
  const server = await startJackServer(128);
  onTestFinished(server.stop);
  const recording = makeTemporaryFolder().at('recording.wav');
  const play = [
    `JACK_DEFAULT_SERVER=${server.name} ${process.execPath} dist/src/cli/main.js play`,
    'patches/glass_pad.jsonc --midi patches/glass_pad.mid --loop --device system --osc-port 0',
    `--record ${recording}`,
  ].join(' ');
  const program = new PtyProgram(`cd ${repository}; ${play}; echo "code: $?"`, { columns: 120, rows: 40 });
  await program.shows('system');
  const begin = program.written.length;
  await sleep(1000 * performanceSeconds);
  // A screen that stands still would prove nothing.
  expect(program.written.length - begin).toBeGreaterThan(1000 * performanceSeconds);
  program.press('\u0011');
  await program.exit();
  expect(program.text()).toContain('code: 0');
  expect(program.text()).toMatch(/s played/);
  if (isLongSuite) {
    expect(program.text()).not.toContain('a node was late');
  }
});
