// A performance on a real audio server, and the same performance rendered again from its journal.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { runAmpLive } from '../../acceptance/commands.js';
import { readWav } from '../../measure/wav.js';
import { makeTemporaryFolder } from '../../temporary-folder.js';
import type { Playing } from '../playing.js';
import { startPlaying } from '../playing.js';
import { startJackServer } from './jack-server.js';
import { isLongSuite, performanceSeconds } from './suite-length.js';

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Plays the first patch and its MIDI file on a server of its own, with everything written down. */
async function startRecorded() {
  const server = await startJackServer(128);
  onTestFinished(server.stop);
  const { at } = makeTemporaryFolder();
  const recording = at('recording.wav');
  const journal = at('performance.journal');
  const playing = startPlaying(
    [
      'patches/glass_pad.jsonc',
      ...['--midi', 'patches/glass_pad.mid', '--loop', '--device', 'system', '--block', '64', '--osc-port', '0'],
      ...['--record', recording, '--journal', journal],
    ],
    server.environment,
  );
  onTestFinished(async () => {
    await playing.end();
  });
  return { server, playing, recording, journal, at };
}

/** Sends one OSC message by liblo's own program. */
function oscSend(port: number, ...words: readonly string[]): void {
  spawnSync('oscsend', ['127.0.0.1', String(port), ...words]);
}

/** The system does not run the program for a while: an xrun that no program could avoid. */
async function holdUp(playing: Playing): Promise<void> {
  playing.signal('SIGSTOP');
  await sleep(30);
  playing.signal('SIGCONT');
}

it('gives the same file again at other blocks and workers, whatever was played and whatever went wrong', async () => {
  const { playing, recording, journal, at } = await startRecorded();
  const { osc } = await playing.until(({ device }) => device.kind === 'port_audio');
  const calm = await playing.until(({ seconds }) => seconds > 3);
  for (let turn = 0; (playing.statuses.at(-1)?.seconds ?? 0) < performanceSeconds; turn++) {
    oscSend(osc.port, '/filter/resonance', 'f', String(0.6 * Math.random()));
    oscSend(osc.port, '/pad/hall', 'f', String(Math.random()));
    oscSend(osc.port, '/note', 'iif', '1', String(48 + (turn % 24)), String(0.2 + 0.6 * Math.random()));
    if (turn % 40 === 20) {
      await holdUp(playing);
    }
    await sleep(20 + 30 * Math.random());
    oscSend(osc.port, '/note', 'iif', '1', String(48 + (turn % 24)), '0');
  }
  const last = await playing.until(() => true);
  const { exitCode } = await playing.end();

  expect(exitCode).toBe(0);
  expect(last.xruns.total).toBeGreaterThan(calm.xruns.total);
  const sound = readWav(readFileSync(recording));
  expect(sound.frames).toBeGreaterThan(performanceSeconds * 48_000 * 0.9);
  for (const [block, workers] of [
    ['257', '2'],
    ['1024', '1'],
  ] as const) {
    const again = at(`again-${block}.wav`);
    const { errors } = runAmpLive('render', '--journal', journal, '-o', again, '--block', block, '--workers', workers);
    expect(errors).toBe('');
    expect(sha256(again)).toBe(sha256(recording));
  }
});

it('tells of a program that was held up that it was not run, and of no node that it was late', async () => {
  const { playing } = await startRecorded();
  await playing.until(({ device, seconds }) => device.kind === 'port_audio' && seconds > 2);
  for (let turn = 0; turn < 5; turn++) {
    await holdUp(playing);
    await sleep(300);
  }
  const { xruns } = await playing.until(({ xruns }) => xruns.threadNotRun > 0);
  if (isLongSuite) {
    expect(xruns.nodeLate).toBe(0);
  }
});

it('plays on without a lost frame when the server dies and comes back', async () => {
  const { server, playing, recording, journal, at } = await startRecorded();
  await playing.until(({ device, seconds }) => device.kind === 'port_audio' && seconds > 2);
  await server.kill();
  const without = await playing.until(({ device }) => device.kind === 'clock');
  expect(without.device.note).toBeTruthy();
  const gone = await playing.until(({ seconds }) => seconds > without.seconds + 2);
  expect(gone.device.kind).toBe('clock');
  await server.start();
  const back = await playing.until(({ device }) => device.kind === 'port_audio');
  expect(back.device.losses).toBe(1);
  await playing.until(({ seconds }) => seconds > back.seconds + 2);
  const end = await playing.end();

  expect(end.exitCode).toBe(0);
  expect(end.milliseconds).toBeLessThan(5000);
  const again = at('again.wav');
  expect(runAmpLive('render', '--journal', journal, '-o', again, '--block', '100').errors).toBe('');
  expect(sha256(again)).toBe(sha256(recording));
});

it('ends at once although the server has died with it', async () => {
  const server = await startJackServer(128);
  onTestFinished(server.stop);
  const playing = startPlaying(['patches/bass.jsonc', '--device', 'system', '--osc-port', '0'], server.environment);
  await playing.until(({ device }) => device.kind === 'port_audio');
  await server.kill();
  const end = await playing.end();
  expect(end.exitCode).toBe(0);
  expect(end.milliseconds).toBeLessThan(5000);
});
