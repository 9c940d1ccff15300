import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { WavFormat } from '../../src/session/wav-file.js';
import { largestWavFrames, WavFile } from '../../src/session/wav-file.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { readWav } from './wav-reader.js';

const stereo: WavFormat = { channels: 2, sampleRate: 44_100, frames: 3 };
const samples = Float32Array.of(0, -0.5, 0.25, 1, -1, 1e-20);

async function create(path: string, format: WavFormat): Promise<WavFile> {
  const creating = await WavFile.create(path, format);
  if (!creating.ok) {
    throw new Error(JSON.stringify(creating.failure));
  }
  return creating.file;
}

async function writeStereo(path: string): Promise<void> {
  const file = await create(path, stereo);
  await file.append(new Uint8Array(samples.buffer));
  expect(await file.commit()).toEqual({ ok: true });
}

describe('a WAV file', () => {
  test('says what it holds', async () => {
    const path = makeTemporaryFolder().at('a.wav');
    await writeStereo(path);
    expect(readWav(path)).toEqual({
      formatCode: 3,
      channels: 2,
      sampleRate: 44_100,
      bytesPerSecond: 352_800,
      blockAlign: 8,
      bitsPerSample: 32,
      frames: 3,
      samples,
    });
  });

  test('is understood by others, where they are installed', async () => {
    const path = makeTemporaryFolder().at('a.wav');
    await writeStereo(path);
    const ask = (option: string) => spawnSync('soxi', [option, path], { encoding: 'utf8' });
    if (ask('-t').error !== undefined) {
      return;
    }
    expect(['-t', '-r', '-c', '-s', '-b', '-e'].map((option) => ask(option).stdout.trim())).toEqual([
      'wav',
      '44100',
      '2',
      '3',
      '32',
      'Floating Point PCM',
    ]);
  });

  test('does not stand under its name before it is whole', async () => {
    const folder = makeTemporaryFolder();
    const file = await create(folder.at('a.wav'), stereo);
    expect(readdirSync(folder.path)).not.toContain('a.wav');
    await file.discard();
  });

  test('leaves nothing when it is discarded', async () => {
    const folder = makeTemporaryFolder();
    const file = await create(folder.at('a.wav'), stereo);
    await file.append(new Uint8Array(8));
    await file.discard();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('takes the place of an older file', async () => {
    const folder = makeTemporaryFolder();
    const path = folder.write('a.wav', 'older');
    await writeStereo(path);
    expect(readWav(path).frames).toBe(3);
    expect(readdirSync(folder.path)).toEqual(['a.wav']);
  });

  test('leaves an older file as it was when it is discarded', async () => {
    const path = makeTemporaryFolder().write('a.wav', 'older');
    const file = await create(path, stereo);
    await file.discard();
    expect(readFileSync(path, 'utf8')).toBe('older');
  });

  test('is written where a link leads', async () => {
    const folder = makeTemporaryFolder();
    mkdirSync(folder.at('elsewhere'));
    const target = folder.write('elsewhere/real.wav', 'older');
    symlinkSync(target, folder.at('link.wav'));
    await writeStereo(folder.at('link.wav'));
    expect(readWav(target).frames).toBe(3);
    expect(realpathSync(folder.at('link.wav'))).toBe(target);
  });
});

describe('a WAV file is refused', () => {
  test.each<[string, (folder: ReturnType<typeof makeTemporaryFolder>) => string, string]>([
    ['below a file', (folder) => `${folder.write('file', '')}/a.wav`, 'a part of its path is not a folder'],
    ['in place of a folder', (folder) => folder.path, 'it is a folder'],
    ['under the name of a folder', (folder) => folder.at('none/'), 'it is the name of a folder'],
    ['in place of a device', () => '/dev/null', 'it is not a regular file'],
    ['under a name that is too long', (folder) => folder.at('a'.repeat(300)), 'the name is too long'],
  ])('%s', async (_, place, reason) => {
    const path = place(makeTemporaryFolder());
    const creating = await WavFile.create(path, stereo);
    expect(creating).toEqual({ ok: false, failure: { type: 'unwritable_file', path, reason } });
  });

  test('in a folder that is not there', async () => {
    const folder = makeTemporaryFolder();
    const creating = await WavFile.create(folder.at('none/a.wav'), stereo);
    expect(creating).toMatchObject({ failure: { reason: `there is no folder ${folder.at('none')}` } });
  });

  test('above 4 GiB, before anything is written', async () => {
    const folder = makeTemporaryFolder();
    const frames = largestWavFrames(2) + 1;
    const creating = await WavFile.create(folder.at('a.wav'), { channels: 2, sampleRate: 48_000, frames });
    expect(creating).toMatchObject({
      ok: false,
      failure: {
        type: 'unwritable_file',
        reason: expect.stringMatching(/4 GiB.*at most 536870905 frames \(11184 s\) fit/),
      },
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test.each([1, 2, 3, 7, 64])('of %d channels only where its length would not fit', async (channels) => {
    // The content of the RIFF chunk: 50 bytes of our header, then the samples.
    const bytes = (frames: number) => 50 + frames * channels * 4;
    expect(bytes(largestWavFrames(channels))).toBeLessThanOrEqual(0xffff_ffff);
    expect(bytes(largestWavFrames(channels) + 1)).toBeGreaterThan(0xffff_ffff);
  });
});
