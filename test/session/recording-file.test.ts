import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RecordingFile } from '../../src/session/recording-file.js';
import type { TemporaryFolder } from '../temporary-folder.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { readWav } from './wav-reader.js';

const stereo = { channels: 2, sampleRate: 48_000 };

async function begin(folder: TemporaryFolder): Promise<RecordingFile> {
  const creating = await RecordingFile.create(folder.at('take.wav'), stereo, []);
  if (!creating.ok) {
    throw new Error(JSON.stringify(creating.failure));
  }
  return creating.file;
}

test('a recording holds what was appended, in one file under its name', async () => {
  const folder = makeTemporaryFolder();
  const file = await begin(folder);
  await file.append(Float32Array.of(0.25, -0.25));
  await file.append(Float32Array.of(0.5, -0.5, 1, -1));
  expect(await file.commit()).toEqual({ ok: true });
  expect(readdirSync(folder.path)).toEqual(['take.wav']);
  const { channels, sampleRate, frames, samples } = readWav(folder.at('take.wav'));
  expect({ channels, sampleRate, frames }).toEqual({ ...stereo, frames: 3 });
  expect([...samples]).toEqual([0.25, -0.25, 0.5, -0.5, 1, -1]);
});

test('an older file stays as it was until the recording is whole', async () => {
  const folder = makeTemporaryFolder();
  folder.write('take.wav', 'older');
  const file = await begin(folder);
  await file.append(Float32Array.of(1, 1));
  expect(readFileSync(folder.at('take.wav'), 'utf8')).toBe('older');
  await file.commit();
  expect(readWav(folder.at('take.wav')).frames).toBe(1);
});

test('what a crash leaves beside its name is a whole WAV file of all that was settled', async () => {
  const folder = makeTemporaryFolder();
  const file = await begin(folder);
  await file.append(Float32Array.of(0.5, 0.5, 0.25, 0.25));
  await file.settle();
  expect(readdirSync(folder.path)).toEqual(['take.wav.part']);
  expect([...readWav(folder.at('take.wav.part')).samples]).toEqual([0.5, 0.5, 0.25, 0.25]);
  await file.discard();
});

test('what a crash left is never written over', async () => {
  const folder = makeTemporaryFolder();
  folder.write('take.wav.part', 'of an earlier crash');
  const file = await begin(folder);
  await file.append(Float32Array.of(1, 1));
  await file.commit();
  expect(readFileSync(folder.at('take.wav.part'), 'utf8')).toBe('of an earlier crash');
  expect(readWav(folder.at('take.wav')).frames).toBe(1);
});

test('a recording that is not wanted leaves nothing', async () => {
  const folder = makeTemporaryFolder();
  const file = await begin(folder);
  await file.discard();
  expect(existsSync(folder.at('take.wav.part'))).toBe(false);
});

test('a recording over one of its own inputs is refused', async () => {
  const folder = makeTemporaryFolder();
  const patch = folder.write('patch.jsonc', '{}');
  expect(await RecordingFile.create(patch, stereo, [patch])).toEqual({
    ok: false,
    failure: { type: 'unwritable_file', path: patch, reason: 'it is read as well' },
  });
});

test('a recording into a folder that is not there is refused', async () => {
  const path = makeTemporaryFolder().at('none/take.wav');
  expect(await RecordingFile.create(path, stereo, [])).toMatchObject({
    failure: { type: 'unwritable_file', path, reason: expect.stringContaining('there is no folder') },
  });
});

test('its room is what a WAV file still holds', async () => {
  const file = await begin(makeTemporaryFolder());
  const before = file.room;
  await file.append(new Float32Array(2 * 100));
  expect(before - file.room).toBe(100);
  expect(before).toBe(Math.floor((2 ** 32 - 1 - 50) / 8));
  await file.discard();
});
