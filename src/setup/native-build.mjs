import { availableParallelism } from 'node:os';
import { runAloud } from './command.mjs';
import { whenStale } from './freshness.mjs';
import { root } from './repository.mjs';
import { SetupError } from './setup-error.mjs';
import { doubtSystemPackages } from './system-packages.mjs';

/** The build folder of all that is native, configured by cmake-js for the addon in it. */
export const nativeBuildFolder = 'build';

const parallel = ['--parallel', String(availableParallelism())];

/** @param {readonly (readonly [string, ...string[]])[]} commands run one after the other, as long as they succeed */
function make(commands) {
  if (commands.every((command) => runAloud(command).status === 0)) return;
  doubtSystemPackages();
  throw new SetupError(
    'The engine could not be built; the compiler says why above.\n' +
      'If this checkout was moved or the compiler replaced, remove its build folder and try again.',
  );
}

/** @param {readonly string[]} targets none for all */
const wanted = (targets) => targets.flatMap((target) => ['--target', target]);

/**
 * Configures a build folder of its own with the native tests in it and builds there.
 *
 * @param {string} folder @param {readonly string[]} options passed to CMake @param {readonly string[]} targets none for all
 */
export function buildNative(folder, options, targets) {
  make([
    ['cmake', '-S', '.', '-B', folder, '-G', 'Ninja', '-DAMP_TESTS=ON', ...options],
    ['cmake', '--build', folder, ...parallel, ...wanted(targets)],
  ]);
}

/** Not cmake-js's `compile`: after an error it would delete the build folder and fail a second time. */
const configure = /** @type {const} */ ([
  'node_modules/cmake-js/bin/cmake-js',
  'configure',
  '-B',
  'Release',
  '-l',
  'warn',
]);

/**
 * Builds in the folder that all programs share.
 *
 * @param {string} name of the step
 * @param {{ readonly tests: boolean, readonly targets: readonly string[], readonly outputs: readonly string[] }} what
 *   `tests`: whether the native tests are needed; `targets`: none for all
 */
export function provideNative(name, { tests, targets, outputs }) {
  const step = {
    stamp: `build/stamps/native-${name}`,
    inputs: ['CMakeLists.txt', 'native', 'package.json', 'package-lock.json'],
    ignore: tests ? [] : ['native/test'],
    outputs,
  };
  whenStale(root, step, () =>
    make([
      [process.execPath, ...configure, ...(tests ? ['--CDAMP_TESTS=ON'] : [])],
      ['cmake', '--build', nativeBuildFolder, ...parallel, ...wanted(targets)],
    ]),
  );
}
