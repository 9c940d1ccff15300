import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TemporaryCheckout } from './temporary-checkout.js';
import { makeTemporaryCheckout } from './temporary-checkout.js';

const provide = "import('./src/setup/node-packages.mjs').then(({ provideNodePackages }) => provideNodePackages())";

function makeCheckout(): TemporaryCheckout {
  const checkout = makeTemporaryCheckout();
  checkout.addProgram('npm', 'echo "npm $1" >> "$CALLS"');
  return checkout;
}

/** Sets both times of a file. */
function date(checkout: TemporaryCheckout, path: string, seconds: number): void {
  utimesSync(join(checkout.folder, path), seconds, seconds);
}

test('a fresh clone gets its Node packages', () => {
  const checkout = makeCheckout();
  checkout.run('node', ['-e', provide]);
  expect(checkout.calls()).toEqual(['npm ci']);
});

test('an installation that is newer than the lock is kept', () => {
  const checkout = makeCheckout();
  checkout.write('node_modules/.package-lock.json', '{}');
  date(checkout, 'package-lock.json', 1e9);
  checkout.run('node', ['-e', provide]);
  expect(checkout.calls()).toEqual([]);
});

test('a lock that is newer than the installation is followed', () => {
  const checkout = makeCheckout();
  checkout.write('node_modules/.package-lock.json', '{}');
  date(checkout, 'node_modules/.package-lock.json', 1e9);
  checkout.run('node', ['-e', provide]);
  expect(checkout.calls()).toEqual(['npm ci']);
});
