import { describe, expect, test } from 'vitest';
import { sinePatch } from '../session/rendering.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { amp } from './command-line.js';

const fiveMistakes = `{
  "amp": 1,
  "nodes": {
    "sine": { "type": "sinus" },
    "low": { "type": "svf", "cutof": 100 },
    "vca": { "type": "gain", "gain": "5 Hz" },
    "out": { "type": "output" } },
  "edges": [
    { "from": "low", "to": "oud" },
    { "from": "low.lo", "to": "vca" },
    { "from": "vca", "to": "out" } ] }`;

const loop = `{
  "amp": 1,
  "nodes": { "a": { "type": "mix" }, "b": { "type": "mix" }, "out": { "type": "output" } },
  "edges": [
    { "from": "a", "to": "b" },
    { "from": "b", "to": "a" },
    { "from": "b", "to": "out" } ] }`;

describe('amp-live check', () => {
  test('reads no more of a file without end than a patch may have', async () => {
    const { exitCode, errors } = await amp(['check', '/dev/zero']);
    expect({ exitCode, errors }).toEqual({
      exitCode: 1,
      errors: '/dev/zero:1:1: the file is longer than 16 MiB; no patch is\n',
    });
  });

  test('says that a right patch has no mistakes', async () => {
    const folder = makeTemporaryFolder();
    folder.write('sine.jsonc', sinePatch);
    expect(await amp(['check', 'sine.jsonc'], folder.path)).toEqual({
      exitCode: 0,
      output: 'sine.jsonc: no mistakes\n',
      errors: '',
    });
  });

  test('prints every mistake with its file, line and column', async () => {
    const folder = makeTemporaryFolder();
    folder.write('five.jsonc', fiveMistakes);
    const { exitCode, output, errors } = await amp(['check', 'five.jsonc'], folder.path);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    const places = errors
      .trimEnd()
      .split('\n')
      .map((line) => /^five\.jsonc:\d+:\d+: ./.exec(line)?.[0].slice(0, -3));
    expect(places).toEqual([4, 5, 6, 9, 10].map((line) => expect.stringMatching(`^five\\.jsonc:${line}:\\d+$`)));
  });

  test('says what would fit', async () => {
    const path = makeTemporaryFolder().write('five.jsonc', fiveMistakes);
    expect((await amp(['check', path])).errors).toContain('did you mean "cutoff"?');
  });

  test('prints a mistake that only the whole graph shows', async () => {
    const path = makeTemporaryFolder().write('loop.jsonc', loop);
    const { exitCode, errors } = await amp(['check', path]);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^.*loop\.jsonc:\d+:\d+: .*a -> b -> a/m);
  });

  test('looks at every patch', async () => {
    const folder = makeTemporaryFolder();
    folder.write('sine.jsonc', sinePatch);
    folder.write('loop.jsonc', loop);
    const { exitCode, output, errors } = await amp(['check', 'loop.jsonc', 'sine.jsonc'], folder.path);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: 'sine.jsonc: no mistakes\n' });
    expect(errors).toMatch(/^loop\.jsonc:/);
  });

  test('says that a file is not there', async () => {
    expect(await amp(['check', 'none.jsonc'], makeTemporaryFolder().path)).toEqual({
      exitCode: 3,
      output: '',
      errors: 'amp-live: cannot read none.jsonc: there is no such file or folder\n',
    });
  });

  test('says that a folder is no file', async () => {
    const folder = makeTemporaryFolder();
    expect(await amp(['check', folder.path])).toMatchObject({
      exitCode: 3,
      errors: `amp-live: cannot read ${folder.path}: it is a folder\n`,
    });
  });

  test('judges delays at the sample rate that is asked for', async () => {
    // 2.4 frames at 48 kHz, 0.4 frames at 8 kHz: no delay at all.
    const short = loop.replace('"to": "a" }', '"to": "a", "delay": "0.05 ms" }');
    const path = makeTemporaryFolder().write('short.jsonc', short);
    expect((await amp(['check', path])).exitCode).toBe(0);
    expect((await amp(['check', path, '--sample-rate', '8000'])).exitCode).toBe(1);
  });
});
