import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
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

/** What every test wants that is not about devices, OSC or screens. */
const quietly = ['--device', 'clock', '--osc-port', 'off', '--headless'];

const play = (folder: TemporaryFolder, ...options: readonly string[]) =>
  amp(['play', 'p.jsonc', ...quietly, ...options], folder.path);

function linesOf(output: string): readonly Record<string, unknown>[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** What the last line of a journal says. */
function endOf(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '');
}

describe('amp-live play without a terminal', () => {
  test('prints lines of JSON: what happens, and at last what was played', async () => {
    const { exitCode, output } = await play(folderWith(sinePatch), '--seconds', '1.5');
    expect(exitCode).toBe(0);
    const lines = linesOf(output);
    expect(lines.map(({ type }) => type)).toEqual([
      ...Array.from({ length: lines.length - 1 }, () => 'status'),
      'summary',
    ]);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.at(-1)).toMatchObject({
      frames: 72_000,
      seconds: 1.5,
      sampleRate: 48_000,
      lateEvents: 0,
      lostEvents: 0,
    });
  });

  test('tells in each status what it was asked for and what was granted', async () => {
    const options = ['--seconds', '0.5', '--block', '128', '--workers', '2', '--sample-rate', '44100'];
    const [status] = linesOf((await play(folderWith(sinePatch), ...options)).output);
    expect(status).toMatchObject({
      patch: { path: 'p.jsonc', nodes: 3, edges: 2 },
      sampleRate: 44_100,
      block: 128,
      workers: 2,
      device: { kind: 'clock', wanted: 'clock', sampleRate: 44_100, losses: 0 },
      levels: [{ peak: expect.any(Number), rms: expect.any(Number) }],
      osc: { isOpen: false },
    });
  });

  test('prints nothing but JSON on standard output', async () => {
    const { output } = await play(folderWith(sinePatch), '--seconds', '0.2');
    for (const line of output.trimEnd().split('\n')) {
      expect(() => JSON.parse(line)).not.toThrow();
    }
  });

  test('reads its patch and its MIDI file once, so that they may be pipes', async () => {
    const folder = folderWith(organPatch);
    folder.write('n.mid', midiFile({ tracks: [[]] }));
    const line = `$AMP play <(cat p.jsonc) --midi <(cat n.mid) ${quietly.join(' ')} --seconds 0.2`;
    const { exitCode, errors } = await shell(line, folder.path);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: expect.not.stringContaining('/dev/fd') });
  });

  test('goes on when nobody reads what it prints', async () => {
    const folder = folderWith(sinePatch);
    await shell(`$AMP play p.jsonc ${quietly.join(' ')} --seconds 2.5 --record o.wav | head -n 1`, folder.path);
    expect(readWav(folder.at('o.wav')).frames).toBe(120_000);
  });
});

describe('amp-live play on a device', () => {
  test('that is not there keeps time by the clock, and says why', async () => {
    const folder = folderWith(sinePatch);
    const args = ['play', 'p.jsonc', '--headless', '--osc-port', 'off', '--seconds', '0.3', '--device', 'no such card'];
    const { exitCode, output, errors } = await amp(args, folder.path);
    expect(exitCode).toBe(0);
    expect(linesOf(output)[0]).toMatchObject({
      device: { kind: 'clock', wanted: 'no such card', note: expect.stringMatching(/\w{3}/) },
    });
    expect(errors).toContain('the clock keeps time in its place');
    expect(linesOf(output).at(-1)).toMatchObject({ frames: 14_400 });
  });

  test('that is a file fills that file', async () => {
    const folder = folderWith(sinePatch);
    const device = ['--device', 'file:heard.wav', '--osc-port', 'off', '--headless'];
    const { exitCode, output } = await amp(['play', 'p.jsonc', ...device, '--seconds', '1.5'], folder.path);
    expect(exitCode).toBe(0);
    expect(linesOf(output).some(({ device }) => (device as { kind?: string })?.kind === 'file')).toBe(true);
    const { samples, sampleRate } = readWav(folder.at('heard.wav'));
    expect(sampleRate).toBe(48_000);
    expect(samples.some((sample) => Math.abs(sample) > 0.2)).toBe(true);
  });
});

describe('amp-live play that is asked to end', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves a whole recording and a whole journal', async (signal) => {
    const folder = folderWith(sinePatch);
    const files = ['--record', 'o.wav', '--journal', 'o.journal'];
    const running = startAmp(['play', 'p.jsonc', ...quietly, ...files], folder.path);
    await running.begun;
    await new Promise((resolve) => setTimeout(resolve, 300));
    running.kill(signal);
    const { exitCode, output } = await running.ended;
    expect(exitCode).toBe(0);
    const { frames } = readWav(folder.at('o.wav'));
    expect(frames).toBeGreaterThan(0);
    expect(endOf(folder.at('o.journal'))).toEqual({ end: frames });
    expect(linesOf(output).at(-1)).toMatchObject({ frames, recording: { frames } });
    expect(readdirSync(folder.path).sort()).toEqual(['o.journal', 'o.wav', 'p.jsonc']);
  });

  test('leaves its recording, as far as it was written, even if it is killed', async () => {
    const folder = folderWith(sinePatch);
    const running = startAmp(['play', 'p.jsonc', ...quietly, '--record', 'o.wav'], folder.path);
    await running.begun;
    while (readWavIfAny(folder) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    running.kill('SIGKILL');
    await running.ended;
    expect(readWavIfAny(folder)).toBeGreaterThan(0);
  });
});

/** Frames that the header of an unfinished recording tells of. */
function readWavIfAny(folder: TemporaryFolder): number {
  const name = readdirSync(folder.path).find((each) => each.endsWith('.part'));
  const bytes = name === undefined ? Buffer.alloc(0) : readFileSync(folder.at(name));
  return bytes.length < 58 ? 0 : bytes.readUInt32LE(46);
}

describe('amp-live play whose recording goes no further', () => {
  test('plays on, keeps what is recorded, and ends with exit code 3', async () => {
    const folder = folderWith(sinePatch);
    const running = startAmp(['play', 'p.jsonc', ...quietly, '--record', 'o.wav', '--seconds', '8'], folder.path);
    await running.begun;
    // What a full disk does, to this process alone: no file of it may grow beyond that. Two seconds from now it is full.
    const recorded = readdirSync(folder.path).find((name) => name.endsWith('.part')) ?? '';
    const limit = statSync(folder.at(recorded)).size + 400_000;
    spawnSync('prlimit', ['--pid', `${running.processId}`, `--fsize=${limit}`]);
    const { exitCode, output, errors } = await running.ended;
    expect(exitCode).toBe(3);
    expect(errors).toContain('whole so far: the file system takes no file of that size; the sound goes on');
    expect(readWav(folder.at('o.wav')).frames).toBe(Math.floor((limit - 58) / 4));
    expect(linesOf(output).at(-1)).toMatchObject({ frames: 384_000 });
  });
});

describe('amp-live play into a file that goes no further', () => {
  test('plays on, says so, and ends with exit code 3', async () => {
    const folder = folderWith(sinePatch);
    const args = ['play', 'p.jsonc', '--headless', '--osc-port', 'off', '--device', 'file:heard.wav', '--seconds', '3'];
    const running = startAmp(args, folder.path);
    await running.begun;
    const [program] = readFileSync(`/proc/${running.processId}/task/${running.processId}/children`, 'utf8').split(' ');
    spawnSync('prlimit', ['--pid', `${program}`, '--fsize=100000']);
    const { exitCode, output, errors } = await running.ended;
    expect(exitCode).toBe(3);
    expect(errors).toContain('heard.wav is lost: ');
    expect(linesOf(output).at(-1)).toMatchObject({
      frames: 144_000,
      file: { path: 'heard.wav', error: expect.stringContaining('heard.wav is lost: ') },
    });
  });
});

describe('amp-live play whose journal goes no further', () => {
  test('plays on, says so, leaves a journal that can be rendered, and ends with exit code 3', async () => {
    const folder = folderWith(sinePatch);
    const running = startAmp(['play', 'p.jsonc', ...quietly, '--journal', 'j', '--seconds', '4'], folder.path);
    await running.begun;
    // Room for one more line, in which the journal says how far the stream is, and for a piece of the next.
    const limit = statSync(folder.at('j')).size + 30;
    spawnSync('prlimit', ['--pid', `${running.processId}`, `--fsize=${limit}`]);
    const { exitCode, output, errors } = await running.ended;
    expect(exitCode).toBe(3);
    expect(errors).toContain('the journal ends here: the file system takes no file of that size; the sound goes on');
    expect(linesOf(output).at(-1)).toMatchObject({ frames: 192_000, journal: { error: expect.any(String) } });
    expect((await amp(['render', '--journal', 'j', '-o', 'o.wav'], folder.path)).exitCode).toBe(0);
  });
});

describe('amp-live play ends with exit code 1', () => {
  test('and every mistake of the patch, before it makes a file', async () => {
    const folder = folderWith(sinePatch.replace('"freq"', '"frek"').replace('"to": "out"', '"to": "oud"'));
    const { exitCode, output, errors } = await play(folder, '--record', 'o.wav', '--journal', 'o.journal');
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors.trimEnd().split('\n')).toEqual(
      [4, 7].map((line) => expect.stringMatching(`^p\\.jsonc:${line}:\\d+: `)),
    );
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });

  test('and the place in a damaged MIDI file', async () => {
    const folder = folderWith(organPatch);
    folder.write('n.mid', midiFile({ tracks: [[]] }).subarray(0, 10));
    const { exitCode, errors } = await play(folder, '--midi', 'n.mid', '--record', 'o.wav');
    expect(exitCode).toBe(1);
    expect(errors).toContain('n.mid: byte');
    expect(readdirSync(folder.path).sort()).toEqual(['n.mid', 'p.jsonc']);
  });
});

describe('amp-live play ends with exit code 2', () => {
  test.each([
    [['--osc-port', '70000'], '--osc-port: found "70000"; a whole number from 0 to 65535 or "off" fits'],
    [['--osc-port', 'on'], '--osc-port: found "on"'],
    [['--loop'], '--loop is for a MIDI file: --midi FILE.mid --loop'],
    [['--osc-bind', 'here'], '--osc-bind: found "here"; an address such as 127.0.0.1, ::1 or 0.0.0.0 fits'],
    [['--tail', 'forever'], '--tail: found "forever"; "last-note" or seconds from 0 to 3600 fit'],
    [['--tail', '3601'], '--tail: found "3601"'],
    [['--seconds', '0'], '--seconds: found "0"'],
    [['--devise', 'x'], 'there is no option --devise; did you mean "--device"?'],
  ])('for %j', async (options, message) => {
    const folder = folderWith(sinePatch);
    const { exitCode, output, errors } = await amp(['play', 'p.jsonc', ...options], folder.path);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toContain(`amp-live play: ${message}`);
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });
});

describe('amp-live play ends with exit code 3', () => {
  test.each([
    [['--midi', 'none.mid'], 'cannot read none.mid: there is no such file or folder'],
    [['--record', 'none/o.wav'], 'cannot write none/o.wav: there is no folder none'],
    [['--record', 'p.jsonc'], 'cannot write p.jsonc: it is read as well'],
    [['--journal', 'p.jsonc'], 'cannot write p.jsonc: it is read as well'],
    [['--journal', 'none/o.journal'], 'cannot write none/o.journal: there is no folder none'],
    [['--record', 'o', '--journal', './o'], 'cannot write ./o: it is written twice'],
  ])('for %j', async (options, message) => {
    const folder = folderWith(sinePatch);
    const { exitCode, output, errors } = await play(folder, ...options);
    expect({ exitCode, output }).toEqual({ exitCode: 3, output: '' });
    expect(errors).toContain(`amp-live: ${message}`);
    expect(readdirSync(folder.path)).toEqual(['p.jsonc']);
  });

  test.each([
    [['--device', 'file:p.jsonc'], 'cannot write p.jsonc: it is read as well'],
    [['--device', 'file:n.mid', '--midi', 'n.mid'], 'cannot write n.mid: it is read as well'],
    [['--device', 'file:o.wav', '--record', 'o.wav'], 'cannot write o.wav: it is written twice'],
    [['--device', 'file:o.wav', '--journal', 'link.wav'], 'cannot write o.wav: it is written twice'],
    [['--record', 'o.wav', '--journal', 'link.wav'], 'cannot write link.wav: it is written twice'],
    [['--device', 'file:none/o.wav'], 'cannot write none/o.wav: there is no folder none'],
    [['--device', 'file:'], 'cannot write : it has no name'],
    [['--device', 'file:o.wav', '--midi', 'p.jsonc'], undefined],
  ])('for %j, and every file stays as it was', async (options, message) => {
    const folder = folderWith(sinePatch);
    folder.write('n.mid', midiFile({ tracks: [[]] }));
    folder.write('o.wav', 'an older one');
    symlinkSync('o.wav', folder.at('link.wav'));
    const contents = () => readdirSync(folder.path).map((name) => [name, readFileSync(folder.at(name), 'latin1')]);
    const before = contents();
    const args = ['play', 'p.jsonc', '--headless', '--osc-port', 'off', '--seconds', '0.3', ...options];
    const { exitCode, errors } = await amp(args, folder.path);
    expect(exitCode).toBe(message === undefined ? 1 : 3);
    expect(errors).toContain(message ?? 'p.jsonc: byte 0');
    expect(contents()).toEqual(before);
  });
});
