// Runs the real command, as `npm test` built it.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

export interface Ending {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface RunningCommand {
  readonly processId: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with its first line on standard output; fails if there is none. */
  readonly begun: Promise<string>;
  readonly ended: Promise<Ending>;
}

/** Starts a program in a folder, without a terminal. */
export function start(program: string, args: readonly string[], folder: string): RunningCommand {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const begun = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (output.includes('\n')) {
        resolve(output.slice(0, output.indexOf('\n')));
      }
    });
    child.on('close', () => reject(new Error(`nothing was printed; ${errors}`)));
  });
  // Not everybody waits for it.
  begun.catch(() => undefined);
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output, errors }));
  });
  return { processId: child.pid ?? 0, kill: (signal) => void child.kill(signal), begun, ended };
}

/** Starts `amp-live`. */
export function startAmp(args: readonly string[], folder = process.cwd()): RunningCommand {
  return start(process.execPath, [main, ...args], folder);
}

/** Runs `amp-live` to its end. */
export function amp(args: readonly string[], folder?: string): Promise<Ending> {
  return startAmp(args, folder).ended;
}

/** Runs a line of a shell to its end; `$AMP` in it stands for the command. */
export function shell(line: string, folder: string): Promise<Ending> {
  const command = `"${process.execPath}" "${main}"`;
  return start('bash', ['-c', line.replaceAll('$AMP', command)], folder).ended;
}
