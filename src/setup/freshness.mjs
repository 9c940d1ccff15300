import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * What a build step reads and makes.
 *
 * @typedef {object} Step
 * @property {string} stamp file that remembers the inputs of the last success
 * @property {readonly string[]} inputs files and folders that the step reads
 * @property {readonly string[]} [ignore] folders below the inputs that it does not read
 * @property {readonly string[]} outputs files that must exist once it is done
 * @property {string} [version] changes when the step's own rules do
 */

/**
 * Adds a line for each file at or below `path`. Sizes and times are read instead of bytes, as `make` does: a whole
 * checkout takes a few milliseconds.
 *
 * @param {string} root @param {string} path @param {ReadonlySet<string>} ignored @param {string[]} lines
 */
function listFiles(root, path, ignored, lines) {
  if (ignored.has(path)) return;
  const status = statSync(isAbsolute(path) ? path : join(root, path), { throwIfNoEntry: false });
  if (!status) {
    lines.push(`${path} is absent`);
  } else if (status.isDirectory()) {
    for (const name of readdirSync(isAbsolute(path) ? path : join(root, path)).sort()) {
      listFiles(root, join(path, name), ignored, lines);
    }
  } else {
    lines.push(`${path} ${status.size} ${status.mtimeMs}`);
  }
}

/**
 * One word for the present state of a step's inputs: another path, size or time of change gives another word.
 *
 * @param {string} root @param {Step} step
 */
export function digestInputs(root, step) {
  const lines = [root, step.version ?? ''];
  const ignored = new Set(step.ignore ?? []);
  for (const input of step.inputs) listFiles(root, input, ignored, lines);
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** @param {string} path */
function readStamp(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * True if the step succeeded with the inputs as they are now and its outputs are still there.
 *
 * @param {string} root @param {Step} step
 */
export function isFresh(root, step) {
  const outputsExist = step.outputs.every((output) => statSync(join(root, output), { throwIfNoEntry: false }));
  return outputsExist && readStamp(join(root, step.stamp)) === digestInputs(root, step);
}

/**
 * Does the work of a step unless it is fresh. The stamp is taken away first and written only on success, so a work that
 * fails or is killed is done again; the inputs are judged before the work, so a file saved meanwhile makes it stale.
 *
 * @param {string} root @param {Step} step @param {() => void} work throws if it fails
 */
export function whenStale(root, step, work) {
  if (isFresh(root, step)) return;
  const digest = digestInputs(root, step);
  forget(root, step);
  work();
  const stamp = join(root, step.stamp);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

/** Makes a step stale. @param {string} root @param {Step} step */
export function forget(root, step) {
  rmSync(join(root, step.stamp), { force: true });
}
