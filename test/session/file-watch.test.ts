// Files as editors save them.

import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { FileWatch } from '../../src/session/patch/file-watch.js';
import { makeTemporaryFolder } from '../temporary-folder.js';

/** Watches a file; `told` waits until it was told of so many times. */
function watching(path: string) {
  let count = 0;
  const watch = new FileWatch(path, () => count++);
  onTestFinished(() => watch.close());
  const told = async (times: number) => {
    for (const end = performance.now() + 20_000; count < times; await pause(5)) {
      if (performance.now() > end) {
        throw new Error(`told of ${count} times, not ${times}`);
      }
    }
  };
  return { told, count: () => count, close: () => watch.close() };
}

test('a file is told of at the beginning, and each time that it is written', async () => {
  const folder = makeTemporaryFolder();
  const { told } = watching(folder.write('a', '1'));
  await told(1);
  folder.write('a', '2');
  await told(2);
  appendFileSync(folder.at('a'), '3');
  await told(3);
});

test('a file of the same length and time that takes the name is told of', async () => {
  const folder = makeTemporaryFolder();
  const { told } = watching(folder.write('a', '1'));
  await told(1);
  folder.write('b', '2');
  renameSync(folder.at('b'), folder.at('a'));
  await told(2);
});

test('a file that was away is told of when it is back', async () => {
  const folder = makeTemporaryFolder();
  const { told } = watching(folder.write('a', '1'));
  await told(1);
  rmSync(folder.at('a'));
  await pause(20);
  writeFileSync(folder.at('a'), '2');
  await told(2);
});

test('a file that a link leads to is told of, though nothing happens beside the link', async () => {
  const folder = makeTemporaryFolder();
  mkdirSync(folder.at('there'));
  folder.write('there/a', '1');
  symlinkSync(folder.at('there/a'), folder.at('a'));
  const { told } = watching(folder.at('a'));
  await told(1);
  folder.write('there/a', '2');
  await told(2);
});

test('other files of the folder are not told of', async () => {
  const folder = makeTemporaryFolder();
  const { told, count } = watching(folder.write('a', '1'));
  await told(1);
  folder.write('b', '2');
  folder.write('a', '2');
  await told(2);
  expect(count()).toBe(2);
});

test('what is no file any more, or is watched no more, is not told of', async () => {
  const folder = makeTemporaryFolder();
  const { told, count, close } = watching(folder.write('a', '1'));
  await told(1);
  rmSync(folder.at('a'));
  mkdirSync(folder.at('a'));
  await pause(200);
  expect(count()).toBe(1);
  close();
  rmSync(folder.at('a'), { recursive: true });
  folder.write('a', '2');
  await pause(200);
  expect(count()).toBe(1);
});
