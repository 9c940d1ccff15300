import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { wavHeader } from '../../src/session/wav-file.js';
import type { TemporaryFolder } from '../temporary-folder.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { amp, shell, startAmp } from './command-line.js';

const patch = `{
  "amp": 1,
  // A saw through a filter.
  "nodes": {
    "saw": { "type": "saw", "freq": 220 },
    "hiss": { "type": "noise" },
    "low": { "type": "one_pole", "cutoff": "1 kHz" },
    "keep": { "type": "limiter" },
    "level": { "type": "gain", "gain": "-12 dB" },
    "out": { "type": "output", "channels": 1 }
  },
  "edges": [
    { "from": "saw", "to": "low" },
    { "from": "low", "to": "level" },
    { "id": "dry", "from": "saw", "to": "out", "gain": 0.1 },
    { "from": "level", "to": "out" }
  ]
}
`;

/** A saw, as floats. */
function wav(frames: number, { channels = 1, sampleRate = 48_000 } = {}): Uint8Array {
  const samples = Float32Array.from({ length: frames * channels }, (_, place) => {
    return 0.2 * (((Math.floor(place / channels) * 220) / sampleRate) % 1) - 0.1;
  });
  return new Uint8Array([...wavHeader({ channels, sampleRate, frames }), ...new Uint8Array(samples.buffer)]);
}

function folderWithTarget(target: Uint8Array = wav(4800)): TemporaryFolder {
  const folder = makeTemporaryFolder();
  folder.write('p.jsonc', patch);
  folder.write('t.wav', target);
  return folder;
}

// Three ways down, since none of them comes near.
const short = ['--starts', '3', '--steps', '3'] as const;
const fitIn = (folder: TemporaryFolder, ...options: readonly string[]) =>
  amp(['fit', 'p.jsonc', '--target', 't.wav', ...short, ...options], folder.path);

describe('amp-live fit', () => {
  test('writes a new patch, tells the values before and after, and the memory first', async () => {
    const folder = folderWithTarget();
    const { exitCode, output, errors } = await fitIn(folder, '--params', 'low.cutoff, level.gain,dry.gain');
    expect({ exitCode, errors }).toEqual({
      exitCode: 0,
      errors: expect.stringMatching(/^amp-live fit: recording 0\.1 s takes \d+ MiB\n$/),
    });
    const lines = output.split('\n');
    expect(lines[0]).toMatch(/^low\.cutoff {3}1 kHz -> [\d.]+ kHz$/);
    expect(lines[1]).toMatch(/^level\.gain {2}-12 dB -> -?[\d.]+ dB$/);
    expect(lines[2]).toMatch(/^dry\.gain {7}0\.1 -> [\d.]+$/);
    expect(lines[3]).toMatch(/^p\.fit\.jsonc: distance [\d.]+ -> [\d.]+, 2 starts, 9 steps, [\d.]+ s$/);
    const written = readFileSync(folder.at('p.fit.jsonc'), 'utf8');
    expect(written).toContain('// A saw through a filter.');
    expect(written).toMatch(/"cutoff": "[\d.]+ kHz"/);
    expect(readFileSync(folder.at('p.jsonc'), 'utf8')).toBe(patch);
  });

  test('prints the summary as JSON', async () => {
    const { output } = await fitIn(folderWithTarget(), '--params', 'low.cutoff', '--json');
    expect(JSON.parse(output)).toEqual({
      output: 'p.fit.jsonc',
      parameters: [{ name: 'low.cutoff', before: '1 kHz', after: expect.stringMatching(/ kHz$/) }],
      distanceBefore: expect.any(Number),
      distance: expect.any(Number),
      starts: 2,
      steps: 9,
      seconds: expect.any(Number),
      isInterrupted: false,
    });
  });

  test('says what nothing depends on, and leaves it as it was', async () => {
    const { output, errors } = await fitIn(folderWithTarget(), '--params', 'low.cutoff,saw.phase');
    expect(errors).not.toContain('depends on');
    expect(output).toContain('saw.phase');
    const folder = makeTemporaryFolder();
    folder.write('p.jsonc', patch.replace('{ "from": "low", "to": "level" },', ''));
    folder.write('t.wav', wav(4800));
    const idle = await fitIn(folder, '--params', 'low.cutoff,dry.gain');
    expect(idle.errors).toContain('nothing that is heard depends on low.cutoff');
    expect(idle.output).toMatch(/^low\.cutoff {2}1 kHz -> 1 kHz$/m);
  });

  test('shows starts, distance and time left on a terminal', async () => {
    const line = `script -qefc '$AMP fit p.jsonc --target t.wav --params low.cutoff --steps 30' /dev/null`;
    const { output } = await shell(line, folderWithTarget().path);
    expect(output).toMatch(/\r.*\d+ % {2}st(arts|eps) \d+ of \d+ {2}distance [\d.e-]+ {2}\d+:\d\d left/);
  });

  test('keeps the best so far when it is interrupted', async () => {
    const folder = folderWithTarget();
    const args = ['fit', 'p.jsonc', '--target', 't.wav', '--params', 'low.cutoff', '--steps', '100000'];
    const running = startAmp(args, folder.path);
    while (!readdirSync(folder.path).some((name) => name.endsWith('.part'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    running.kill('SIGINT');
    const { exitCode, output, errors } = await running.ended;
    expect({ exitCode, errors }).toEqual({ exitCode: 130, errors: expect.stringContaining('this is the best so far') });
    expect(output).toContain('low.cutoff');
    expect(readdirSync(folder.path).sort()).toEqual(['p.fit.jsonc', 'p.jsonc', 't.wav']);
  });

  test('writes over a file only if it is asked to', async () => {
    const folder = folderWithTarget();
    folder.write('o.jsonc', 'older');
    const refused = await fitIn(folder, '--params', 'low.cutoff', '-o', 'o.jsonc');
    expect({ exitCode: refused.exitCode, errors: refused.errors }).toEqual({
      exitCode: 3,
      errors: 'amp-live: cannot write o.jsonc: it is there already; --replace writes over it\n',
    });
    expect(readFileSync(folder.at('o.jsonc'), 'utf8')).toBe('older');
    expect((await fitIn(folder, '--params', 'low.cutoff', '-o', 'o.jsonc', '--replace')).exitCode).toBe(0);
    expect(readFileSync(folder.at('o.jsonc'), 'utf8')).toContain('"cutoff"');
  });

  test.each(['p.jsonc', 't.wav'])('never writes over what it reads: %s', async (name) => {
    const folder = folderWithTarget();
    const { exitCode, errors } = await fitIn(folder, '--params', 'low.cutoff', '-o', name, '--replace');
    expect({ exitCode, errors }).toEqual({
      exitCode: 3,
      errors: `amp-live: cannot write ${name}: it is read as well\n`,
    });
    expect(readdirSync(folder.path).sort()).toEqual(['p.jsonc', 't.wav']);
  });
});

describe('amp-live fit ends with exit code 1', () => {
  test.each([
    ['low.cutof', 'low (one_pole) has no parameter "cutof"; did you mean "cutoff"?'],
    ['lwo.cutoff', 'there is no node and no edge id "lwo"; did you mean "low"?'],
    ['nothing.at', 'there is no node and no edge id "nothing"; a parameter such as "saw.freq", "low.cutoff" or'],
    ['low', '"low" is a node; its parameters are cutoff'],
    ['dry.depth', '"dry.depth": the edge "dry" has one number to move; "dry.gain" fits'],
    ['keep.release', '"keep.release": nodes of type limiter have no gradient. Its gain is kept in whole numbers'],
    ['hiss.seed', '"seed" is an option of hiss (noise), which no gradient moves; hiss (noise) has no parameters'],
    ['low.cutoff,low.cutoff', '"low.cutoff" is named twice'],
  ])('for the parameter %s', async (names, message) => {
    const folder = folderWithTarget();
    const { exitCode, output, errors } = await fitIn(folder, '--params', names);
    expect({ exitCode, output, errors }).toEqual({
      exitCode: 1,
      output: '',
      errors: expect.stringContaining(`--params: ${message}`),
    });
    expect(readdirSync(folder.path).sort()).toEqual(['p.jsonc', 't.wav']);
  });

  test.each([
    ['that has another sample rate', wav(4800, { sampleRate: 44_100 }), '--sample-rate 44100 fits'],
    [
      'that has too many channels',
      wav(4800, { channels: 2 }),
      'it has 2 channels, and the patch 1; a target with 1 channel',
    ],
    ['that is too short', wav(100), 'it is too short: 100 frames; at least 2048 fit'],
    ['that is silent', wav(4800).fill(0, 58), 'it is silent; there is nothing to fit to'],
    ['that is no WAV file', new TextEncoder().encode(patch), 'it is not a WAV file'],
    ['that breaks off', wav(4800).subarray(0, 40), 'it is no whole WAV file'],
  ])('for a target %s', async (_, target, message) => {
    const folder = folderWithTarget(target);
    const { exitCode, output, errors } = await fitIn(folder, '--params', 'low.cutoff');
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors).toContain(`t.wav: ${message.startsWith('--') ? '' : message}`);
    expect(errors).toContain(message);
    expect(readdirSync(folder.path).sort()).toEqual(['p.jsonc', 't.wav']);
  });

  test('for a node on the way that has no gradient, before it begins to search', async () => {
    const folder = folderWithTarget();
    folder.write(
      'p.jsonc',
      patch
        .replace('"from": "low", "to": "level"', '"from": "low", "to": "keep"')
        .replace('"from": "level", "to": "out"', '"from": "keep", "to": "out"'),
    );
    const { exitCode, errors } = await fitIn(folder, '--params', 'low.cutoff');
    expect(exitCode).toBe(1);
    expect(errors).toContain('node keep of type limiter has no gradient');
    expect(readdirSync(folder.path).sort()).toEqual(['p.jsonc', 't.wav']);
  });

  test('with the mistakes of a patch', async () => {
    const folder = folderWithTarget();
    folder.write('p.jsonc', patch.replace('"cutoff"', '"cutof"'));
    const { exitCode, errors } = await fitIn(folder, '--params', 'low.cutoff');
    expect({ exitCode, errors }).toEqual({ exitCode: 1, errors: expect.stringMatching(/^p\.jsonc:7:\d+: /) });
  });
});

describe('amp-live fit ends with exit code 2', () => {
  test.each([
    [['--params', 'low.cutoff'], 'say what to fit to: --target REF.wav'],
    [['--target', 't.wav'], 'say what may be moved: --params low.cutoff,env.attack'],
    [['--target', 't.wav', '--params', ','], 'say what may be moved'],
    [['--target', 't.wav', '--params', 'a.b', '--steps', '-1'], '--steps'],
  ])('for %j', async (options, message) => {
    const { exitCode, errors } = await amp(['fit', 'p.jsonc', ...options], folderWithTarget().path);
    expect(exitCode).toBe(2);
    expect(errors).toContain(`amp-live fit: ${message}`);
  });
});

test('amp-live fit ends with exit code 3 for files that are not there', async () => {
  const folder = folderWithTarget();
  const { exitCode, errors } = await amp(
    ['fit', 'p.jsonc', '--target', 'none.wav', '--params', 'low.cutoff'],
    folder.path,
  );
  expect({ exitCode, errors }).toEqual({
    exitCode: 3,
    errors: 'amp-live: cannot read none.wav: there is no such file or folder\n',
  });
});
