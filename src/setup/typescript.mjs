import { runAloud } from './command.mjs';
import { whenStale } from './freshness.mjs';
import { root } from './repository.mjs';
import { SetupError } from './setup-error.mjs';

/** @type {import('./freshness.mjs').Step} */
const step = {
  stamp: 'build/stamps/typescript',
  inputs: ['tsconfig.json', 'package-lock.json', 'src', 'tui'],
  ignore: ['src/setup'],
  outputs: ['dist/tsconfig.tsbuildinfo'],
};

/** Compiles the host into dist. */
export function provideHost() {
  whenStale(root, step, () => {
    if (runAloud([process.execPath, 'node_modules/typescript/bin/tsc', '-b']).status === 0) return;
    throw new SetupError('The host could not be compiled; TypeScript says why above.');
  });
}
