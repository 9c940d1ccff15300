// A real JACK server with a dummy card, under a name of its own.

import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

export interface JackServer {
  readonly name: string;
  /** What programs need in their environment to find it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Stops it in the middle of what it does: it is there, and answers nobody until it is ended. */
  freeze(): void;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Starts it again under the same name. */
  start(): Promise<void>;
}

/**
 * One name for all: a server that was killed leaves its name in JACK's registry of eight, where only a server of the same
 * name takes its place.
 */
const name = 'amp-live-test';

/** Starts a server at 48 kHz that asks for so many frames at a time. */
export async function startJackServer(frames: number): Promise<JackServer> {
  const environment = { ...process.env, JACK_DEFAULT_SERVER: name, JACK_NO_START_SERVER: '1' };
  let server: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const args = ['-n', name, '-R', '-d', 'dummy', '-r', '48000', '-p', String(frames)];
    server = spawn('jackd', args, { stdio: 'ignore' });
    const wait = spawnSync('jack_wait', ['-w', '-t', '10', '-s', name], { encoding: 'utf8', timeout: 15_000 });
    if (server.exitCode !== null || wait.status !== 0) {
      throw new Error(`jackd does not answer: ${wait.stdout}${wait.stderr}`);
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server !== undefined && server.exitCode === null && server.signalCode === null) {
      const exit = once(server, 'exit');
      server.kill(signal);
      server.kill('SIGCONT');
      await exit;
    }
  };
  await start();
  const freeze = () => void server?.kill('SIGSTOP');
  return { name, environment, freeze, kill: () => end('SIGKILL'), stop: () => end('SIGTERM'), start };
}
