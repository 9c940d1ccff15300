import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderToFile } from '../../src/session/render.js';
import type { TrackEvent } from '../control/midi-bytes.js';
import { midiFile } from '../control/midi-bytes.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { echoPatch, organPatch, render, requestIn, sinePatch } from './rendering.js';

/** At 960 ticks a second, since a file plays at 120 quarter notes a minute unless it says otherwise. */
const division = 480;
const ticksPerSecond = 960;

const noteOn = (delta: number, note: number): TrackEvent => [delta, 0x90, note, 100];
const noteOff = (delta: number, note: number): TrackEvent => [delta, 0x80, note, 0];

describe('a rendered file', () => {
  test('has exactly the length that was asked for', async () => {
    const { wav, summary } = await render(requestIn(makeTemporaryFolder(), sinePatch, { seconds: 0.12345 }));
    expect(wav.samples.length).toBe(Math.round(0.12345 * 48_000));
    expect(summary.frames).toBe(wav.samples.length);
  });

  test('has at least one frame', async () => {
    const { wav } = await render(requestIn(makeTemporaryFolder(), sinePatch, { seconds: 1e-9 }));
    expect(wav.samples.length).toBe(1);
  });

  test('begins with the frame in which the stream begins', async () => {
    const { wav } = await render(requestIn(makeTemporaryFolder(), sinePatch, { seconds: 0.01 }));
    const expected = Array.from({ length: 48 }, (_, frame) => 0.25 * Math.sin((2 * Math.PI * frame) / 48));
    for (const [frame, sample] of expected.entries()) {
      expect(wav.samples[frame]).toBeCloseTo(sample, 5);
    }
  });

  test('has the sample rate that was asked for', async () => {
    const { wav } = await render(requestIn(makeTemporaryFolder(), sinePatch, { seconds: 0.1, sampleRate: 44_100 }));
    expect(wav.sampleRate).toBe(44_100);
    expect(wav.samples.length).toBe(4410);
  });

  test('lasts ten seconds if nothing else gives it a length', async () => {
    const { summary } = await render(requestIn(makeTemporaryFolder(), sinePatch));
    expect(summary.seconds).toBe(10);
  });

  test('lasts two seconds longer than its MIDI file', async () => {
    const folder = makeTemporaryFolder();
    const midiPath = folder.write(
      'a.mid',
      midiFile({ division, tracks: [[noteOn(0, 60), noteOff(ticksPerSecond, 60)]] }),
    );
    const { summary } = await render(requestIn(folder, organPatch, { midiPath }));
    expect(summary.seconds).toBe(3);
  });

  test('plays each note from its frame to its frame', async () => {
    const folder = makeTemporaryFolder();
    const midiPath = folder.write('a.mid', midiFile({ division, tracks: [[noteOn(96, 69), noteOff(96, 69)]] }));
    const { wav } = await render(requestIn(folder, organPatch, { midiPath, seconds: 0.5 }));
    const heard = [...wav.samples.keys()].filter((frame) => wav.samples[frame] !== 0);
    // A sine is zero in its first frame.
    expect(heard[0]).toBe(4801);
    expect(heard.at(-1)).toBe(9599);
  });

  test('is the same for every block and every number of workers', async () => {
    const notes = Array.from({ length: 40 }, (_, index) => [noteOn(20, 40 + index), noteOff(15, 40 + index)]).flat();
    const hashes = new Set<string>();
    let peak = 0;
    for (const [block, workers] of [
      [64, 1],
      [1, 2],
      [100, 2],
      [1024, 4],
      [4096, 3],
    ] as const) {
      const folder = makeTemporaryFolder();
      const midiPath = folder.write('a.mid', midiFile({ division, tracks: [notes] }));
      const { summary } = await render(requestIn(folder, echoPatch, { midiPath, block, workers, seconds: 1.7 }));
      hashes.add(summary.sha256);
      peak = summary.peak;
    }
    expect(hashes.size).toBe(1);
    expect(peak).toBeGreaterThan(0.05);
  });

  test('takes a hundred thousand events of one second, and none is late', async () => {
    const folder = makeTemporaryFolder();
    const moves = Array.from({ length: 100_000 }, (_, index): TrackEvent => {
      return [index % 104 === 0 ? 1 : 0, 0xb0, 74, index % 128];
    });
    const midiPath = folder.write('a.mid', midiFile({ division, tracks: [[noteOn(0, 60), ...moves]] }));
    const { summary } = await render(requestIn(folder, organPatch, { midiPath, seconds: 1.5 }));
    expect(summary.lateEvents).toBe(0);
  });
});

describe('the summary', () => {
  test('has the SHA-256 of the samples as they stand in the file', async () => {
    const request = requestIn(makeTemporaryFolder(), sinePatch, { seconds: 0.5 });
    const { summary } = await render(request);
    const samples = readFileSync(request.outputPath).subarray(-24_000 * 4);
    expect(summary.sha256).toBe(createHash('sha256').update(samples).digest('hex'));
  });

  test('has the peak of the samples', async () => {
    const { summary, wav } = await render(requestIn(makeTemporaryFolder(), sinePatch, { seconds: 0.5 }));
    expect(summary.peak).toBe(wav.samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0));
  });

  test('has the channels of the output', async () => {
    const wide = sinePatch.replace('"channels": 1', '"channels": 3');
    const { summary, wav } = await render(requestIn(makeTemporaryFolder(), wide, { seconds: 0.01 }));
    expect([summary.channels, wav.channels]).toEqual([3, 3]);
  });
});

describe('progress', () => {
  test('grows to the whole length', async () => {
    const reports: number[] = [];
    const onProgress = ({ framesDone, frames }: { framesDone: number; frames: number }) => {
      reports.push(framesDone / frames);
    };
    await render(requestIn(makeTemporaryFolder(), sinePatch, { seconds: 2, onProgress }));
    expect(reports).toEqual([...reports].sort((a, b) => a - b));
    expect(reports.length).toBeGreaterThan(5);
    expect(reports.at(-1)).toBe(1);
  });
});

describe('a render that is interrupted', () => {
  test('leaves nothing and says so', async () => {
    const folder = makeTemporaryFolder();
    const controller = new AbortController();
    const request = requestIn(folder, sinePatch, {
      seconds: 3600,
      signal: controller.signal,
      onProgress: ({ framesDone }) => {
        if (framesDone > 100_000) {
          controller.abort();
        }
      },
    });
    expect(await renderToFile(request)).toEqual({ ok: false, failure: { type: 'interrupted' } });
    expect(readdirSync(folder.path)).toEqual(['patch.jsonc']);
  });

  test('before it began leaves nothing', async () => {
    const folder = makeTemporaryFolder();
    const request = requestIn(folder, sinePatch, { signal: AbortSignal.abort() });
    expect(await renderToFile(request)).toEqual({ ok: false, failure: { type: 'interrupted' } });
    expect(readdirSync(folder.path)).toEqual(['patch.jsonc']);
  });
});

describe('a render fails', () => {
  test('with all mistakes of the patch, and leaves an older file as it was', async () => {
    const folder = makeTemporaryFolder();
    const outputPath = folder.write('out.wav', 'older');
    const patch = sinePatch.replace('"sine", "freq"', '"sine", "frek"').replace('"to": "out"', '"to": "oud"');
    const rendering = await renderToFile(requestIn(folder, patch, { outputPath }));
    expect(rendering).toMatchObject({ failure: { type: 'invalid_patch', diagnostics: [{ line: 4 }, { line: 7 }] } });
    expect(readFileSync(outputPath, 'utf8')).toBe('older');
  });

  test('when the patch is not there', async () => {
    const folder = makeTemporaryFolder();
    const patchPath = folder.at('none.jsonc');
    expect(await renderToFile(requestIn(folder, sinePatch, { patchPath }))).toEqual({
      ok: false,
      failure: { type: 'unreadable_file', path: patchPath, reason: 'there is no such file or folder' },
    });
  });

  test('when the patch is not text', async () => {
    const folder = makeTemporaryFolder();
    const patchPath = folder.write('binary.jsonc', Uint8Array.of(0x7b, 0x0a, 0x20, 0xff, 0xfe));
    expect(await renderToFile(requestIn(folder, sinePatch, { patchPath }))).toMatchObject({
      failure: {
        type: 'invalid_patch',
        diagnostics: [{ line: 2, column: 2, message: expect.stringMatching(/UTF-8/) }],
      },
    });
  });

  test('when the MIDI file is damaged', async () => {
    const folder = makeTemporaryFolder();
    const midiPath = folder.write('a.mid', 'MThd');
    expect(await renderToFile(requestIn(folder, organPatch, { midiPath }))).toMatchObject({
      failure: { type: 'invalid_midi_file', path: midiPath, offset: 0 },
    });
  });

  test('when the MIDI file is not there', async () => {
    const folder = makeTemporaryFolder();
    const midiPath = folder.at('none.mid');
    expect(await renderToFile(requestIn(folder, organPatch, { midiPath }))).toMatchObject({
      failure: { type: 'unreadable_file', path: midiPath },
    });
  });

  test('when the engine cannot run as asked', async () => {
    const request = requestIn(makeTemporaryFolder(), sinePatch, { block: 5000 });
    expect(await renderToFile(request)).toMatchObject({
      failure: { type: 'engine', error: { code: 'argument', message: expect.stringContaining('5000') } },
    });
  });

  test('when the file cannot be written', async () => {
    const folder = makeTemporaryFolder();
    const outputPath = folder.at('none/out.wav');
    expect(await renderToFile(requestIn(folder, sinePatch, { outputPath }))).toMatchObject({
      failure: { type: 'unwritable_file', path: outputPath },
    });
  });

  test.each(['patchPath', 'midiPath'] as const)('when the file to write is its own %s', async (input) => {
    const folder = makeTemporaryFolder();
    const midiPath = folder.write('a.mid', midiFile({ tracks: [[]] }));
    const request = requestIn(folder, sinePatch, { midiPath });
    const outputPath = request[input] ?? '';
    expect(await renderToFile({ ...request, outputPath })).toMatchObject({
      failure: { type: 'unwritable_file', path: outputPath, reason: 'it is read as well' },
    });
  });

  test('when the file would be too long, before it begins', async () => {
    const folder = makeTemporaryFolder();
    expect(await renderToFile(requestIn(folder, sinePatch, { seconds: 1e6 }))).toMatchObject({
      failure: { type: 'unwritable_file', reason: expect.stringContaining('4 GiB') },
    });
    expect(readdirSync(folder.path)).toEqual(['patch.jsonc']);
  });
});
