import { provideLabMachine } from './lab-machine.mjs';
import { provideAddon, provideLabAddon, provideNativeTests } from './native-programs.mjs';
import { provideNodePackages } from './node-packages.mjs';
import { provideSanitized } from './sanitizers.mjs';
import { SetupError } from './setup-error.mjs';
import { provideSystemPackages, toLab, toPlay, toSanitize, toTest } from './system-packages.mjs';
import { provideHost } from './typescript.mjs';

/** Makes ready what `amp-live` needs to run. Each step does nothing if nothing changed since it last succeeded. */
export function setUpToPlay() {
  provideSystemPackages(toPlay);
  provideNodePackages();
  provideAddon();
  provideHost();
}

/** Makes ready what the tests written in TypeScript need: some of them run native programs. */
export function setUpUnitTests() {
  provideSystemPackages(toTest);
  setUpToPlay();
  provideNativeTests();
}

/** Makes ready what the native tests need. */
export function setUpNativeTests() {
  provideSystemPackages(toTest);
  provideNodePackages();
  provideNativeTests();
}

/**
 * Makes ready native tests under a sanitizer.
 *
 * @param {import('./sanitizers.mjs').Sanitizer} sanitizer @param {import('./sanitizers.mjs').Form} form
 */
export function setUpSanitized(sanitizer, form) {
  provideSystemPackages(toSanitize);
  provideSanitized(sanitizer, form);
}

/** Makes ready what the lab's cases need: they run `amp-live` in a guest machine. */
export function setUpLab() {
  provideSystemPackages(toLab);
  provideNodePackages();
  provideHost();
  provideLabAddon();
  provideLabMachine();
}

/**
 * Runs the body of an entry file. An explained failure ends the process with its message and code; any other is a fault
 * of ours and keeps its stack.
 *
 * @param {() => unknown} body
 */
export async function runEntry(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
