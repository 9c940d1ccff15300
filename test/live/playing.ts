// `amp-live play` as a performer starts it, in a process of its own, read by its status lines.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SessionStatus } from '../../src/session/status.js';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface Playing {
  readonly processId: number;
  readonly statuses: readonly SessionStatus[];
  /** What it said on the standard error. */
  errors(): string;
  /** The first status from now on that fits; fails after so many seconds. */
  until(fits: (status: SessionStatus) => boolean, seconds?: number): Promise<SessionStatus>;
  signal(name: NodeJS.Signals): void;
  /** Asks it to end as Ctrl-C does; how long that took, and how it ended. */
  end(): Promise<{ readonly milliseconds: number; readonly exitCode: number | null }>;
}

/** Starts `amp-live play --headless` with more arguments. */
export function startPlaying(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Playing {
  const child = spawn(process.execPath, [program, 'play', '--headless', ...args], {
    cwd: repository,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const statuses: SessionStatus[] = [];
  const listeners = new Set<(status: SessionStatus) => void>();
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const status: SessionStatus = JSON.parse(line);
    statuses.push(status);
    for (const listener of listeners) {
      listener(status);
    }
  });
  const until = (fits: (status: SessionStatus) => boolean, seconds = 30) =>
    new Promise<SessionStatus>((resolve, reject) => {
      const stop = () => {
        listeners.delete(listener);
        child.off('exit', fail);
        clearTimeout(timer);
      };
      const listener = (status: SessionStatus) => {
        if (fits(status)) {
          stop();
          resolve(status);
        }
      };
      const fail = () => {
        stop();
        reject(
          new Error(`no such status within ${seconds} s; the last: ${JSON.stringify(statuses.at(-1))}\n${errors}`),
        );
      };
      const timer = setTimeout(fail, seconds * 1000);
      child.once('exit', fail);
      listeners.add(listener);
    });
  return {
    processId: child.pid ?? 0,
    statuses,
    errors: () => errors,
    until,
    signal: (name) => child.kill(name),
    end: async () => {
      const start = performance.now();
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit');
        child.kill('SIGINT');
        const deadline = setTimeout(() => child.kill('SIGKILL'), 20_000);
        await exit;
        clearTimeout(deadline);
      }
      return { milliseconds: performance.now() - start, exitCode: child.exitCode };
    },
  };
}
