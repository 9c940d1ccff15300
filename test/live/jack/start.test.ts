// A start that takes long: a server is there, and does not answer.

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { sinePatch } from '../../session/rendering.js';
import { makeTemporaryFolder } from '../../temporary-folder.js';
import { startPlaying } from '../playing.js';
import { startJackServer } from './jack-server.js';

/** Programs that a process has started and that are not over. */
function childrenOf(processId: number): string {
  return readFileSync(`/proc/${processId}/task/${processId}/children`, 'utf8').trim();
}

it('ends at once when it is asked to, and leaves nothing', async () => {
  const server = await startJackServer(128);
  onTestFinished(server.stop);
  server.freeze();
  const folder = makeTemporaryFolder();
  const path = folder.write('p.jsonc', sinePatch);
  const recording = folder.write('o.wav', 'an older one');
  const options = ['--osc-port', 'off', '--record', recording, '--journal', folder.at('j')];
  const environment = { ...server.environment, AMP_DEVICE_ANSWER_SECONDS: '60' };
  const playing = startPlaying([path, '--device', 'system', ...options], environment);
  while (childrenOf(playing.processId) === '') {
    await pause(20);
  }
  const { exitCode } = await playing.end();
  expect({ exitCode, statuses: playing.statuses.length }).toEqual({ exitCode: 130, statuses: 0 });
  expect(readdirSync(folder.path).sort()).toEqual(['o.wav', 'p.jsonc']);
  expect(readFileSync(recording, 'utf8')).toBe('an older one');
});
