import { statSync } from 'node:fs';
import { runAloud } from './command.mjs';
import { inRepository } from './repository.mjs';
import { SetupError } from './setup-error.mjs';

/** Time of the last change in ms since 1970; absent files are older than all others. @param {string[]} parts */
function changedAt(...parts) {
  return statSync(inRepository(...parts), { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

/**
 * Installs the packages of package-lock.json unless that was done since it last changed, by us or by hand: npm notes
 * every installation in a lock file of its own.
 */
export function provideNodePackages() {
  if (changedAt('node_modules', '.package-lock.json') >= changedAt('package-lock.json')) return;
  // Without the option NODE_ENV=production would leave out the compiler.
  if (runAloud(['npm', 'ci', '--include=dev', '--no-fund', '--no-audit']).status === 0) return;
  throw new SetupError('The Node packages could not be installed; npm says why above.');
}
