import { availableParallelism } from 'node:os';
import { runAloud } from './command.mjs';
import { whenStale } from './freshness.mjs';
import { root } from './repository.mjs';
import { SetupError } from './setup-error.mjs';
import { doubtSystemPackages } from './system-packages.mjs';

/** @type {import('./freshness.mjs').Step} */
const step = {
  stamp: 'build/stamps/addon',
  inputs: ['CMakeLists.txt', 'native', 'package.json', 'package-lock.json'],
  ignore: ['native/test'],
  outputs: ['build/Release/amp_addon.node', 'build/Release/amp_device'],
};

/** @param {string[]} args */
function cmakeJs(...args) {
  return runAloud([process.execPath, 'node_modules/cmake-js/bin/cmake-js', '-B', 'Release', '-l', 'warn', ...args]);
}

/** Builds the addon, with the engine in it, and the device program beside it, into build/Release. */
function buildAddon() {
  // Not `compile`: after an error it would delete the build folder and fail a second time.
  const parallel = String(availableParallelism());
  const built = cmakeJs('configure').status === 0 && cmakeJs('build', '-T', 'amp_addon', '-p', parallel).status === 0;
  if (built) return;
  doubtSystemPackages();
  throw new SetupError(
    'The engine could not be built; the compiler says why above.\n' +
      'If this checkout was moved or the compiler replaced, remove its build folder and try again.',
  );
}

export function provideAddon() {
  whenStale(root, step, buildAddon);
}
