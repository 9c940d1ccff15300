import { availableParallelism } from 'node:os';
import { runAloud } from './command.mjs';
import { whenStale } from './freshness.mjs';
import { root } from './repository.mjs';
import { SetupError } from './setup-error.mjs';
import { doubtSystemPackages } from './system-packages.mjs';

/** The build folder of everything native that is not the addon: tests and the program that prints the declarations. */
export const nativeBuildFolder = 'build/native';

/** @param {string} name @returns {import('./freshness.mjs').Step} */
const stepFor = (name) => ({
  stamp: `build/stamps/native-${name}`,
  inputs: ['CMakeLists.txt', 'native'],
  outputs: [`${nativeBuildFolder}/CMakeCache.txt`],
});

/**
 * Configures a build folder with the native tests in it and builds there.
 *
 * @param {string} folder @param {readonly string[]} options passed to CMake @param {readonly string[]} targets none for all
 */
export function buildNative(folder, options, targets) {
  const wanted = targets.flatMap((target) => ['--target', target]);
  const parallel = String(availableParallelism());
  const built =
    runAloud(['cmake', '-S', '.', '-B', folder, '-G', 'Ninja', '-DAMP_TESTS=ON', ...options]).status === 0 &&
    runAloud(['cmake', '--build', folder, '--parallel', parallel, ...wanted]).status === 0;
  if (built) return;
  doubtSystemPackages();
  throw new SetupError('The native programs could not be built; the compiler says why above.');
}

/** Builds the native tests and all that they run. */
export function provideNativeTests() {
  whenStale(root, stepFor('tests'), () => buildNative(nativeBuildFolder, [], []));
}

/** Builds the program that prints the declarations of all node types. */
export function provideDeclarationPrinter() {
  whenStale(root, stepFor('declarations'), () => buildNative(nativeBuildFolder, [], ['amp_declarations']));
}
