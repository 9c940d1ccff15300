import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const manifest = JSON.parse(read('package.json')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
const packages = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
const rows = read('THIRD_PARTY_NOTICES.md')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test.each(packages)('the notices give the licence of %s as the package itself does', (name) => {
  const { license } = JSON.parse(read(`node_modules/${name}/package.json`)) as { readonly license: string };
  const row = rows.find((cells) => cells[1] === name);
  expect(row?.[2]).toContain(license);
});

test('the lock file names no host, so that each machine uses the registry that it is set to', () => {
  const lock = read('package-lock.json');
  expect([...lock.matchAll(/"resolved": "(?!https:\/\/registry\.npmjs\.org\/)[^"]*"/g)]).toEqual([]);
});
