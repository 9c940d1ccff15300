import { availableParallelism } from 'node:os';
import { runAloud } from './command.mjs';
import { whenStale } from './freshness.mjs';
import { inRepository, root } from './repository.mjs';
import { SetupError } from './setup-error.mjs';
import { doubtSystemPackages } from './system-packages.mjs';

/**
 * A build of the addon and of the device program, which are the same but for the processor that they are made for.
 *
 * @typedef {{ readonly name: string, readonly folder: string, readonly level: string }} Build
 */

/** For this machine. @type {Build} */
const native = { name: 'addon', folder: 'build', level: 'native' };

/** For the processor of the lab's guest machine: QEMU emulates none with AVX-512, and older ones none with AVX. @type {Build} */
const forLab = { name: 'lab-addon', folder: 'build/lab/addon', level: 'x86-64-v2' };

/** Where the programs for the lab's guest machine lie, as those for this machine lie in build/Release. */
export const labReleaseFolder = `${forLab.folder}/Release`;

/** @param {Build} build @returns {import('./freshness.mjs').Step} */
function stepFor({ name, folder }) {
  return {
    stamp: `build/stamps/${name}`,
    inputs: ['CMakeLists.txt', 'native', 'package.json', 'package-lock.json'],
    ignore: ['native/test'],
    outputs: [`${folder}/Release/amp_addon.node`, `${folder}/Release/amp_device`],
  };
}

/** @param {Build} build @param {string[]} args */
function cmakeJs({ folder, level }, ...args) {
  const options = ['-O', inRepository(folder), '-B', 'Release', '-l', 'warn', `--CDAMP_LEVEL=${level}`];
  return runAloud([process.execPath, 'node_modules/cmake-js/bin/cmake-js', ...options, ...args]).status === 0;
}

/** @param {Build} build */
function make(build) {
  // Not `compile`: after an error it would delete the build folder and fail a second time.
  const parallel = String(availableParallelism());
  if (cmakeJs(build, 'configure') && cmakeJs(build, 'build', '-T', 'amp_addon', '-p', parallel)) return;
  doubtSystemPackages();
  throw new SetupError(
    'The engine could not be built; the compiler says why above.\n' +
      'If this checkout was moved or the compiler replaced, remove its build folder and try again.',
  );
}

/** Builds the addon with the engine in it, and the device program, into build/Release. */
export function provideAddon() {
  whenStale(root, stepFor(native), () => make(native));
}

/** Builds the same for the lab's guest machine, into `labReleaseFolder`. */
export function provideLabAddon() {
  whenStale(root, stepFor(forLab), () => make(forLab));
}
