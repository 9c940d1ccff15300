import { spawnSync } from 'node:child_process';
import { root } from './repository.mjs';

/**
 * @typedef {object} CommandResult
 * @property {number} status exit code; 127 if the program does not exist, 128 if a signal ended it
 * @property {string} output what it wrote to standard output, if that was captured
 */

/** @param {import('node:child_process').SpawnSyncReturns<string>} result @returns {CommandResult} */
function toResult(result) {
  const failure = /** @type {NodeJS.ErrnoException | undefined} */ (result.error);
  if (failure) {
    if (failure.code !== 'ENOENT') throw failure;
    return { status: 127, output: '' };
  }
  return { status: result.status ?? 128, output: result.stdout ?? '' };
}

/**
 * Says what will be run, then runs it in the checkout. Both its streams go to standard error, so that standard output
 * belongs to the program that the performer asked for.
 *
 * @param {readonly [string, ...string[]]} command program and arguments
 * @param {NodeJS.ProcessEnv} [environment] added to this process's
 * @returns {CommandResult}
 */
export function runAloud(command, environment = {}) {
  const [program, ...args] = command;
  announce(`$ ${command.join(' ')}`);
  const streams = /** @type {const} */ (['ignore', 2, 2]);
  const env = { ...process.env, ...environment };
  return toResult(spawnSync(program, args, { cwd: root, stdio: [...streams], encoding: 'utf8', env }));
}

/**
 * Runs a program silently in the checkout and captures its standard output.
 *
 * @param {readonly [string, ...string[]]} command program and arguments
 * @returns {CommandResult}
 */
export function capture(command) {
  const [program, ...args] = command;
  return toResult(
    spawnSync(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', maxBuffer: 1 << 28 }),
  );
}

/** Tells the performer what the set-up does. @param {string} line */
export function announce(line) {
  process.stderr.write(`amp-live: ${line}\n`);
}
