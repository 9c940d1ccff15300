// What patches/demo_kpn_backward.jsonc says about itself: it is heard, and numbers that it lost are found in its sound.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { peak } from '../measure/level.js';
import { renderAsItSays, runAmpLive, withTemporaryFile } from './commands.js';
import { inRepository } from './patch-files.js';
import { sampleRate, samplesOf } from './rendering.js';

const patch = 'patches/demo_kpn_backward.jsonc';

/** What the comment changes: what is written, and what takes its place. */
const losses = [
  ['600, "res', '1100, "res'],
  ['"30 ms"', '"60 ms"'],
  ['"90 ms"', '"50 ms"'],
  ['0.35 }', '0.2 }'],
  ['0.55 }', '0.3 }'],
] as const;

const names = 'low.cutoff,env.attack,env.decay,level.gain,again.gain';

test('the demo of the way back is heard as its comment says: a pluck a second, and echoes', () => {
  const sound = samplesOf(renderAsItSays(patch), 0);
  const second = sound.subarray(sampleRate, 2 * sampleRate);
  const parts = Array.from({ length: 4 }, (_, part) => {
    return peak(second.subarray(part * 0.16 * sampleRate, (part + 1) * 0.16 * sampleRate));
  });
  expect(parts[0]).toBeGreaterThan(0.1);
  expect(parts[0]).toBeLessThan(0.8);
  for (const part of [1, 2, 3]) {
    expect((parts[part] ?? 0) / (parts[part - 1] ?? 1)).toBeGreaterThan(0.4);
    expect((parts[part] ?? 0) / (parts[part - 1] ?? 1)).toBeLessThan(0.7);
  }
});

test('what it lost is found in its sound, within a hundredth, and the comments are kept', () => {
  const text = readFileSync(inRepository(patch), 'utf8');
  const comment = text.slice(0, text.indexOf('\n{'));
  const sed = /sed '(.*?)'/.exec(comment)?.[1] ?? '';
  expect(sed.split('; ')).toEqual(losses.map(([from, to]) => `s/${from}/${to}/`));
  expect(comment).toContain(`--params ${names}`);
  withTemporaryFile('wanted.wav', (wanted) => {
    const at = (name: string) => join(dirname(wanted), name);
    const body = text.slice(comment.length);
    writeFileSync(at('lost.jsonc'), comment + losses.reduce((lost, [from, to]) => lost.replace(from, to), body));
    expect(runAmpLive('render', patch, '--seconds', '1', '-o', wanted).exitCode).toBe(0);
    const options = ['--seconds', '0.6', '--starts', '30', '--steps', '100', '--json', '-o', at('found.jsonc')];
    const fitting = runAmpLive('fit', at('lost.jsonc'), '--target', wanted, '--params', names, ...options);
    expect(fitting).toMatchObject({ exitCode: 0, errors: expect.stringMatching(/takes \d+ MiB\n$/) });
    const summary: { readonly parameters: readonly Fitted[] } = JSON.parse(fitting.output);
    const found = summary.parameters.map(({ after }) => Number.parseFloat(`${after}`));
    for (const [place, value] of [600, 30, 90, 0.35, 0.55].entries()) {
      expect(Math.abs((found[place] ?? 0) / value - 1)).toBeLessThan(0.01);
    }
    const written = readFileSync(at('found.jsonc'), 'utf8');
    expect(written.slice(0, comment.length)).toBe(comment);
    expect(written.split('\n')).toHaveLength(text.split('\n').length);
  });
}, 600_000);

interface Fitted {
  readonly name: string;
  readonly before: string | number;
  readonly after: string | number;
}
