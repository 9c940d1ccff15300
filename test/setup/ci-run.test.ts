import { expect, test } from 'vitest';
import type { Ending } from './temporary-checkout.js';
import { makeTemporaryCheckout } from './temporary-checkout.js';

/** Runs .ci/run where `npm test` prints and returns what is given and `npm run lint` returns what is given. */
function runCi(testOutput: string, testCode: number, lintCode: number): Ending {
  const checkout = makeTemporaryCheckout();
  checkout.addProgram('npm', `if [ "$1" = test ]; then printf '${testOutput}'; exit ${testCode}; fi; exit ${lintCode}`);
  return checkout.run('bash', ['.ci/run']);
}

function lastLine({ output }: Ending): string | undefined {
  return output.trimEnd().split('\n').at(-1);
}

test('lint counts as one more check that passed', () => {
  const ending = runCi('3 passed, 0 failed\\n', 0, 0);
  expect([lastLine(ending), ending.status]).toEqual(['4 passed, 0 failed', 0]);
});

test('faults that lint finds count as one more failure', () => {
  const ending = runCi('3 passed, 0 failed\\n', 0, 1);
  expect([lastLine(ending), ending.status]).toEqual(['3 passed, 1 failed', 1]);
});

test('failed tests fail the run and are counted', () => {
  const ending = runCi('3 passed, 2 failed\\n', 1, 0);
  expect([lastLine(ending), ending.status]).toEqual(['4 passed, 2 failed', 1]);
});

test('tests that end without a closing line count as a failure', () => {
  const ending = runCi('killed\\n', 137, 0);
  expect([lastLine(ending), ending.status]).toEqual(['1 passed, 1 failed', 1]);
});

test('tests that say success but never close count as a failure', () => {
  const ending = runCi('nothing was run\\n', 0, 0);
  expect([lastLine(ending), ending.status]).toEqual(['1 passed, 1 failed', 1]);
});
