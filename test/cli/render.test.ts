import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { midiFile } from '../control/midi-bytes.js';
import { organPatch, sinePatch } from '../session/rendering.js';
import { readWav } from '../session/wav-reader.js';
import type { TemporaryFolder } from '../temporary-folder.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { amp, shell, startAmp } from './command-line.js';

function folderWith(patch: string): TemporaryFolder {
  const folder = makeTemporaryFolder();
  folder.write('p.jsonc', patch);
  return folder;
}

const sha256OfNothing = createHash('sha256').digest('hex');

const oneNote = midiFile({
  division: 480,
  tracks: [
    [
      [0, 0x90, 69, 127],
      [480, 0x80, 69, 0],
    ],
  ],
});

describe('amp-live render', () => {
  test('writes a WAV file and sums it up in one line', async () => {
    const folder = folderWith(sinePatch);
    const { exitCode, output, errors } = await amp(
      ['render', 'p.jsonc', '-o', 'o.wav', '--seconds', '0.5'],
      folder.path,
    );
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const wav = readWav(folder.at('o.wav'));
    expect(wav).toMatchObject({ formatCode: 3, bitsPerSample: 32, channels: 1, sampleRate: 48_000, frames: 24_000 });
    const hash = createHash('sha256').update(new Uint8Array(wav.samples.buffer)).digest('hex');
    expect(output).toMatch(new RegExp(`^o\\.wav: 0\\.5 s, [\\d.]+x real time, peak -12\\.0 dBFS, SHA-256 ${hash}\n$`));
  });

  test('prints the summary as JSON with --json', async () => {
    const folder = folderWith(sinePatch);
    const { output } = await amp(['render', 'p.jsonc', '-o', 'o.wav', '--seconds', '0.5', '--json'], folder.path);
    expect(JSON.parse(output)).toEqual({
      output: 'o.wav',
      frames: 24_000,
      seconds: 0.5,
      channels: 1,
      sampleRate: 48_000,
      timesRealTime: expect.any(Number),
      peakDbfs: -12.04,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      lateEvents: 0,
    });
  });

  test('says that silence is silent', async () => {
    const { output } = await amp(['render', 'p.jsonc', '-o', 'o.wav', '--seconds', '0.1'], folderWith(organPatch).path);
    expect(output).toContain(', silent, ');
  });

  test('plays a MIDI file, and two seconds more', async () => {
    const folder = folderWith(organPatch);
    folder.write('n.mid', oneNote);
    expect(await amp(['render', 'p.jsonc', '-o', 'o.wav', '--midi', 'n.mid'], folder.path)).toMatchObject({
      exitCode: 0,
    });
    const { samples } = readWav(folder.at('o.wav'));
    expect(samples.length).toBe(2.5 * 48_000);
    expect(samples.subarray(0, 24_000).some((sample) => sample !== 0)).toBe(true);
    expect(samples.subarray(24_000).some((sample) => sample !== 0)).toBe(false);
  });

  test('heeds block, workers and sample rate without another bit of sound', async () => {
    const folder = folderWith(sinePatch);
    const render = async (name: string, ...options: readonly string[]) => {
      const args = [
        'render',
        'p.jsonc',
        '-o',
        name,
        '--seconds',
        '0.2',
        '--sample-rate',
        '44100',
        '--json',
        ...options,
      ];
      return JSON.parse((await amp(args, folder.path)).output);
    };
    const plain = await render('a.wav');
    const other = await render('b.wav', '--block', '100', '--workers', '2');
    expect(plain.sampleRate).toBe(44_100);
    expect(other.sha256).toBe(plain.sha256);
  });

  test('shows nothing but the summary where there is no terminal', async () => {
    const folder = folderWith(sinePatch);
    const { errors } = await amp(['render', 'p.jsonc', '-o', 'o.wav', '--seconds', '100'], folder.path);
    expect(errors).toBe('');
  });

  test('shows how far it is on a terminal', async () => {
    const folder = folderWith(sinePatch);
    const line = `script -qefc '$AMP render p.jsonc -o o.wav --seconds 100' /dev/null`;
    const { exitCode, output } = await shell(line, folder.path);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/\r.*\d+ % {2}[\d.]+x real time {2}\d+:\d\d left/);
  });
});

describe('amp-live render ends with exit code 1', () => {
  test('and every mistake of the patch', async () => {
    const patch = sinePatch
      .replace('"freq"', '"frek"')
      .replace('"gain":', '"gian":')
      .replace('"to": "out"', '"to": "oud"');
    const folder = folderWith(patch);
    const { exitCode, output, errors } = await amp(['render', 'p.jsonc', '-o', 'o.wav'], folder.path);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors.trimEnd().split('\n')).toEqual(
      [4, 5, 7].map((line) => expect.stringMatching(`^p\\.jsonc:${line}:\\d+: `)),
    );
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });

  test('and that a MIDI file has no end', async () => {
    const folder = folderWith(organPatch);
    const { exitCode, errors } = await amp(['render', 'p.jsonc', '--midi', '/dev/zero', '-o', 'o.wav'], folder.path);
    expect({ exitCode, errors }).toEqual({
      exitCode: 1,
      errors: '/dev/zero: byte 67108864: the file is longer than 64 MiB; no MIDI file is\n',
    });
  });

  test('and the place in a damaged MIDI file', async () => {
    const folder = folderWith(organPatch);
    folder.write('n.mid', oneNote.subarray(0, 20));
    expect(await amp(['render', 'p.jsonc', '-o', 'o.wav', '--midi', 'n.mid'], folder.path)).toEqual({
      exitCode: 1,
      output: '',
      errors: 'n.mid: byte 14: expected a chunk of at least 8 bytes, found 6 bytes\n',
    });
  });
});

describe('amp-live render ends with exit code 2', () => {
  test.each([
    [['-o', 'o.wav', '--block', '0'], '--block: found "0"; a whole number from 1 to 4096 fits'],
    [['-o', 'o.wav', '--block', '4097'], '--block: found "4097"'],
    [['-o', 'o.wav', '--workers', '65'], '--workers: found "65"; a whole number from 1 to 64 fits'],
    [['-o', 'o.wav', '--sample-rate', '1'], '--sample-rate: found "1"; a number from 8000 to 768000 fits'],
    [['-o', 'o.wav', '--seconds', '0'], '--seconds: found "0"'],
    [['-o', 'o.wav', '--seconds', 'long'], '--seconds: found "long"'],
    [['-o', 'o.wav', '--secnods', '1'], 'there is no option --secnods; did you mean "--seconds"?'],
    [['-o'], '-o needs a value: -o OUT.wav'],
    [[], 'say where to write: -o OUT.wav'],
    [['-o', 'o.wav', '--journal', 'j'], 'found "p.jsonc" beside --journal, which holds its patch'],
  ])('for %j', async (options, message) => {
    const folder = folderWith(sinePatch);
    const { exitCode, output, errors } = await amp(['render', 'p.jsonc', ...options], folder.path);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toContain(`amp-live render: ${message}`);
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });
});

describe('amp-live render --journal', () => {
  test.each(['--midi', '--sample-rate'])('refuses %s, since the journal holds it', async (option) => {
    const folder = folderWith(sinePatch);
    const { exitCode, errors } = await amp(['render', '--journal', 'j', '-o', 'o.wav', option, '48000'], folder.path);
    expect(exitCode).toBe(2);
    expect(errors).toContain(`amp-live render: ${option} does not go with --journal`);
  });

  test('tells the line of a journal that is none, with exit code 1', async () => {
    const folder = folderWith(sinePatch);
    const { exitCode, errors } = await amp(['render', '--journal', 'p.jsonc', '-o', 'o.wav'], folder.path);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^p\.jsonc:1: /);
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });

  test('never writes over the journal', async () => {
    const folder = folderWith(sinePatch);
    const playing = ['play', 'p.jsonc', '--device', 'clock', '--osc-port', 'off', '--headless', '--seconds', '0.1'];
    await amp([...playing, '--journal', 'j'], folder.path);
    const { exitCode, errors } = await amp(['render', '--journal', 'j', '-o', 'j'], folder.path);
    expect({ exitCode, errors }).toEqual({ exitCode: 3, errors: 'amp-live: cannot write j: it is read as well\n' });
  });

  test.each([
    [
      "a rate that is not its plan's",
      1,
      /"sampleRate":48000/,
      '"sampleRate":44100',
      '"sampleRate" is 44100, but its plan runs at 48000',
    ],
    [
      'no plan',
      2,
      /"plan":"[^"]*","base64":"[^"]*"/,
      `"plan":"${sha256OfNothing}","base64":""`,
      'its plan, at byte 0: ',
    ],
  ])('refuses an edited journal: %s', async (_, line, found, put, message) => {
    const folder = folderWith(sinePatch);
    const playing = ['play', 'p.jsonc', '--device', 'clock', '--osc-port', 'off', '--headless', '--seconds', '0.1'];
    await amp([...playing, '--journal', 'j'], folder.path);
    folder.write('edited', readFileSync(folder.at('j'), 'latin1').replace(found, put));
    const { exitCode, errors } = await amp(['render', '--journal', 'edited', '-o', 'o.wav'], folder.path);
    expect({ exitCode, errors }).toEqual({
      exitCode: 1,
      errors: expect.stringContaining(`edited:${line}: ${message}`),
    });
    expect(readdirSync(folder.path).sort()).toEqual(['edited', 'j', 'p.jsonc']);
  });

  test('says that neither a patch nor a journal is there', async () => {
    const { exitCode, errors } = await amp(['render', '-o', 'o.wav']);
    expect(exitCode).toBe(2);
    expect(errors).toContain('amp-live render: PATCH is missing, or --journal FILE');
  });
});

describe('amp-live render ends with exit code 3', () => {
  test.each([
    [['none.jsonc', '-o', 'o.wav'], 'cannot read none.jsonc: there is no such file or folder'],
    [['p.jsonc', '-o', 'o.wav', '--midi', 'none.mid'], 'cannot read none.mid: there is no such file or folder'],
    [['p.jsonc', '-o', 'none/o.wav'], 'cannot write none/o.wav: there is no folder none'],
    [['p.jsonc', '-o', '.'], 'cannot write .: it is a folder'],
    [['p.jsonc', '-o', 'p.jsonc'], 'cannot write p.jsonc: it is read as well'],
    [
      ['p.jsonc', '-o', 'o.wav', '--seconds', '100000'],
      'cannot write o.wav: 4800000000 frames of 1 channels are more than',
    ],
  ])('for %j', async (args, message) => {
    const folder = folderWith(sinePatch);
    const { exitCode, output, errors } = await amp(['render', ...args], folder.path);
    expect({ exitCode, output }).toEqual({ exitCode: 3, output: '' });
    expect(errors).toContain(`amp-live: ${message}`);
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });

  test('when the disk takes no more, and leaves nothing', async () => {
    const folder = folderWith(sinePatch);
    // The shell's limit is 100 KiB a file.
    const line = 'ulimit -f 100; exec $AMP render p.jsonc -o o.wav --seconds 10';
    const { exitCode, errors } = await shell(line, folder.path);
    expect(exitCode).toBe(3);
    expect(errors).toBe('amp-live: cannot write o.wav: the file system takes no file of that size\n');
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });
});

describe('amp-live render that is interrupted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s leaves nothing and ends with exit code %d', async (signal, code) => {
    const folder = folderWith(sinePatch);
    const running = startAmp(['render', 'p.jsonc', '-o', 'o.wav', '--seconds', '20000'], folder.path);
    while (!readdirSync(folder.path).some((name) => name.endsWith('.part'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    running.kill(signal);
    const { exitCode, output, errors } = await running.ended;
    expect({ exitCode, output, errors }).toEqual({
      exitCode: code,
      output: '',
      errors: 'amp-live: interrupted; nothing was written\n',
    });
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });

  test('twice leaves nothing either', async () => {
    const folder = folderWith(sinePatch);
    const running = startAmp(['render', 'p.jsonc', '-o', 'o.wav', '--seconds', '20000'], folder.path);
    while (readdirSync(folder.path).length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    running.kill('SIGINT');
    running.kill('SIGTERM');
    expect((await running.ended).exitCode).toBeGreaterThan(128);
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });

  test('leaves an older file as it was', async () => {
    const folder = folderWith(sinePatch);
    folder.write('o.wav', 'older');
    const running = startAmp(['render', 'p.jsonc', '-o', 'o.wav', '--seconds', '20000'], folder.path);
    while (readdirSync(folder.path).length < 3) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    running.kill('SIGINT');
    await running.ended;
    expect(readFileSync(folder.at('o.wav'), 'utf8')).toBe('older');
    expect(readdirSync(folder.path).sort()).toEqual(['o.wav', 'p.jsonc']);
  });
});
