import { readFileSync } from 'node:fs';
import { inRepository } from './repository.mjs';
import { EXIT_MACHINE } from './setup-error.mjs';

/**
 * Says why this version of Node cannot run amp-live, or nothing if it can.
 *
 * @param {string} running such as `20.19.0`
 * @param {string} required the `engines.node` of package.json, such as `>=20.19`
 * @returns {string | undefined}
 */
export function nodeVersionProblem(running, required) {
  const least = required.replace(/^>=\s*/, '');
  const [major = 0, minor = 0] = least.split('.').map(Number);
  const [runningMajor = 0, runningMinor = 0] = running.split('.').map(Number);
  if (runningMajor > major || (runningMajor === major && runningMinor >= minor)) return undefined;
  return `amp-live needs Node ${least} or newer, but this is Node ${running} (${process.execPath}).`;
}

/** Ends the process with a message if this Node is too old. Entry files call it before they import anything newer. */
export function requireNodeVersion() {
  const { engines } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8'));
  const problem = nodeVersionProblem(process.versions.node, engines.node);
  if (!problem) return;
  console.error(problem);
  process.exit(EXIT_MACHINE);
}
