import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { JournalFile, readJournal } from '../../src/session/journal-file.js';
import type { TemporaryFolder } from '../temporary-folder.js';
import { makeTemporaryFolder } from '../temporary-folder.js';

const header = { engine: '0.1.0', sampleRate: 48_000, block: 64, workers: 1, channels: 2, latency: 48, seed: 0 };
const plan = new Uint8Array([1, 2, 3]);
const start = { header, plan, inputs: [], onNotice: () => undefined };
const event = { type: 'note_off', channel: 1, note: 60, frame: 5 } as const;

async function journalIn(folder: TemporaryFolder): Promise<JournalFile> {
  const creating = await JournalFile.create(folder.at('a.journal'), start);
  if (!creating.ok) {
    throw new Error(JSON.stringify(creating.failure));
  }
  return creating.file;
}

test('a journal comes back from its file', async () => {
  const folder = makeTemporaryFolder();
  const file = await journalIn(folder);
  file.add([{ event, sequence: 3 }]);
  await file.end(99);
  const reading = await readJournal(file.path);
  expect(reading.ok && reading.journal).toMatchObject({
    header,
    segments: [{ plan: { bytes: plan }, events: [{ event, sequence: 3 }] }],
    frames: 99,
    isWhole: true,
  });
});

test('an event is in the file soon, though nobody ends it', async () => {
  const folder = makeTemporaryFolder();
  const file = await journalIn(folder);
  file.add([{ event, sequence: 3 }]);
  let events = 0;
  for (const end = performance.now() + 5000; events === 0 && performance.now() < end; await pause(10)) {
    const reading = await readJournal(file.path);
    events = reading.ok ? reading.journal.segments[0].events.length : 0;
  }
  expect(events).toBe(1);
  await file.end(9);
});

test('header and plan are in the file from the start', async () => {
  const folder = makeTemporaryFolder();
  const file = await journalIn(folder);
  const reading = await readJournal(file.path);
  expect(reading.ok && reading.journal.segments[0].plan.bytes).toEqual(plan);
  await file.end(0);
});

test('a plan that was changed is refused', async () => {
  const folder = makeTemporaryFolder();
  const file = await journalIn(folder);
  await file.end(9);
  const path = folder.write('b.journal', readFileSync(file.path, 'latin1').replace('AQID', 'AQIE'));
  expect(await readJournal(path)).toMatchObject({ ok: false, failure: { type: 'invalid_journal', line: 2 } });
});

const handOver = { frame: 7, kind: 'reload', crossfade: 0.03, ring: 0 } as const;

test('a plan that plays again stands in the file once', async () => {
  const folder = makeTemporaryFolder();
  const file = await journalIn(folder);
  const other = new Uint8Array([4, 5]);
  for (const each of [other, plan, other]) {
    file.handOver(each, handOver);
  }
  await file.end(9);
  const reading = await readJournal(file.path);
  expect(reading.ok && reading.journal.segments.map((segment) => segment.plan.bytes)).toEqual([
    plan,
    other,
    plan,
    other,
  ]);
  expect(readFileSync(file.path, 'latin1').match(/base64/g)).toHaveLength(2);
});

test('a later plan that was changed is refused with its line', async () => {
  const folder = makeTemporaryFolder();
  const file = await journalIn(folder);
  file.handOver(new Uint8Array([4, 5, 6]), handOver);
  await file.end(9);
  const path = folder.write('b.journal', readFileSync(file.path, 'latin1').replace('BAUG', 'BAUH'));
  expect(await readJournal(path)).toMatchObject({ ok: false, failure: { type: 'invalid_journal', line: 3 } });
});

test('a file that is not there is told', async () => {
  const path = makeTemporaryFolder().at('none');
  expect(await readJournal(path)).toMatchObject({ ok: false, failure: { type: 'unreadable_file', path } });
});

test('a journal takes the place of no file that is read', async () => {
  const patch = makeTemporaryFolder().write('patch.jsonc', '{}');
  expect(await JournalFile.create(patch, { ...start, inputs: [patch] })).toMatchObject({
    ok: false,
    failure: { type: 'unwritable_file', path: patch, reason: 'it is read as well' },
  });
  expect(readFileSync(patch, 'utf8')).toBe('{}');
});

test('a folder that is not there is told before anybody plays', async () => {
  const path = makeTemporaryFolder().at('none/a.journal');
  expect(await JournalFile.create(path, start)).toMatchObject({
    ok: false,
    failure: { type: 'unwritable_file', path },
  });
});

test('what is no regular file is refused, because nobody could read it again', async () => {
  const creating = await JournalFile.create('/dev/null', start);
  expect(creating).toMatchObject({
    ok: false,
    failure: { type: 'unwritable_file', reason: 'it is not a regular file' },
  });
});
