import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { digestInputs, forget, isFresh, whenStale } from '../../src/setup/freshness.mjs';

function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'amp-freshness-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) put(folder, path, text);
  return folder;
}

function put(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const step = {
  stamp: 'build/stamps/engine',
  inputs: ['list.txt', 'native'],
  ignore: ['native/test'],
  outputs: ['build/engine'],
};

function build(folder: string): void {
  put(folder, 'build/engine', 'made');
}

function makeBuiltFolder(): string {
  const folder = makeFolder({
    'list.txt': 'a b',
    'native/a.cpp': 'a',
    'native/deep/b.cpp': 'b',
    'native/test/t.cpp': 't',
  });
  whenStale(folder, step, () => build(folder));
  return folder;
}

describe('a build step', () => {
  test('is stale before it was ever done', () => {
    expect(isFresh(makeFolder({ 'list.txt': '' }), step)).toBe(false);
  });

  test('is fresh after it was done', () => {
    expect(isFresh(makeBuiltFolder(), step)).toBe(true);
  });

  test('is not done again while nothing changed', () => {
    const folder = makeBuiltFolder();
    let times = 0;
    whenStale(folder, step, () => {
      times += 1;
    });
    expect(times).toBe(0);
  });

  test('is stale when a file of another size was saved', () => {
    const folder = makeBuiltFolder();
    put(folder, 'native/deep/b.cpp', 'longer');
    expect(isFresh(folder, step)).toBe(false);
  });

  test('is stale when a file was saved with equal size', () => {
    const folder = makeBuiltFolder();
    put(folder, 'native/a.cpp', 'z');
    utimesSync(join(folder, 'native/a.cpp'), 1e9, 1e9);
    expect(isFresh(folder, step)).toBe(false);
  });

  test('is stale when a file was added', () => {
    const folder = makeBuiltFolder();
    put(folder, 'native/deep/c.cpp', '');
    expect(isFresh(folder, step)).toBe(false);
  });

  test('is stale when a file was removed', () => {
    const folder = makeBuiltFolder();
    rmSync(join(folder, 'native/a.cpp'));
    expect(isFresh(folder, step)).toBe(false);
  });

  test('stays fresh when only an ignored folder changed', () => {
    const folder = makeBuiltFolder();
    put(folder, 'native/test/t.cpp', 'another test');
    expect(isFresh(folder, step)).toBe(true);
  });

  test('is stale when its output was removed', () => {
    const folder = makeBuiltFolder();
    rmSync(join(folder, 'build/engine'));
    expect(isFresh(folder, step)).toBe(false);
  });

  test('is stale when its rules have another version', () => {
    expect(isFresh(makeBuiltFolder(), { ...step, version: '2' })).toBe(false);
  });

  test('is stale once it was forgotten', () => {
    const folder = makeBuiltFolder();
    forget(folder, step);
    expect(isFresh(folder, step)).toBe(false);
  });

  test('stays stale after a failure even if the files are put back as they were, since outputs may be half made', () => {
    const folder = makeFolder({ 'list.txt': 'a', 'native/a.cpp': 'a' });
    const putBack = (): void => {
      put(folder, 'native/a.cpp', 'a');
      utimesSync(join(folder, 'native/a.cpp'), 1e9, 1e9);
    };
    putBack();
    whenStale(folder, step, () => build(folder));
    put(folder, 'native/a.cpp', 'an error');
    const fail = (): never => {
      throw new Error('does not compile');
    };
    expect(() => whenStale(folder, step, fail)).toThrow();
    putBack();
    expect(isFresh(folder, step)).toBe(false);
  });

  test('stays stale when its work fails, although it was fresh before', () => {
    const folder = makeBuiltFolder();
    put(folder, 'native/a.cpp', 'an error');
    const fail = (): never => {
      throw new Error('does not compile');
    };
    expect(() => whenStale(folder, step, fail)).toThrow('does not compile');
    expect(isFresh(folder, step)).toBe(false);
  });

  test('is stale when a file was saved while it was being done', () => {
    const folder = makeBuiltFolder();
    put(folder, 'native/a.cpp', 'first');
    whenStale(folder, step, () => put(folder, 'native/a.cpp', 'second edit'));
    expect(isFresh(folder, step)).toBe(false);
  });
});

test('the digest changes with any one file of any tree', () => {
  const name = fc.stringMatching(/^[a-z]{1,6}$/);
  const tree = fc.uniqueArray(fc.tuple(name, name), { minLength: 1, maxLength: 8, selector: (path) => path.join('/') });
  fc.assert(
    fc.property(tree, fc.nat(), (paths, choice) => {
      const folder = mkdtempSync(join(tmpdir(), 'amp-freshness-'));
      try {
        for (const [outer, inner] of paths) put(folder, `in/${outer}/${inner}.cpp`, 'text');
        const inputs = { stamp: 'stamp', inputs: ['in'], outputs: [] };
        const before = digestInputs(folder, inputs);
        const [outer, inner] = paths[choice % paths.length] ?? ['', ''];
        put(folder, `in/${outer}/${inner}.cpp`, 'other text');
        expect(digestInputs(folder, inputs)).not.toBe(before);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 50 },
  );
});
