import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodePlan } from '../../src/plan/binary/decode.js';
import { echoPatch, sinePatch } from '../session/rendering.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { amp } from './command-line.js';

async function planJson(patch: string, ...options: readonly string[]) {
  const { output } = await amp(['plan', makeTemporaryFolder().write('p.jsonc', patch), '--json', ...options]);
  return JSON.parse(output);
}

describe('amp-live plan', () => {
  test('shows the nodes, taps, edges and voices of a patch', async () => {
    const { exitCode, output, errors } = await amp(['plan', makeTemporaryFolder().write('p.jsonc', echoPatch)]);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    for (const word of ['echo.out', '336 (7.0 ms)', '(8, 1)', 'arena', '(loop)']) {
      expect(output).toContain(word);
    }
  });

  test('prints JSON with --json', async () => {
    const plan = await planJson(echoPatch);
    expect(plan.nodes.map(({ id }: { id: string }) => id)).toContain('echo');
    expect(plan.taps.inputs.length).toBeGreaterThan(0);
    expect(plan.taps.outputs.length).toBeGreaterThan(0);
    expect(plan.delays).toMatchObject([{ frames: 336 }]);
  });

  test('tells how large the arena is', async () => {
    expect((await planJson(sinePatch)).arenaBytes).toBeGreaterThan(0);
  });

  test('tells how large the arena is for another block', async () => {
    const [small, large] = [await planJson(echoPatch), await planJson(echoPatch, '--block', '4096')];
    expect(large.arenaBytes).toBeGreaterThan(small.arenaBytes);
  });

  test('counts frames at the sample rate that is asked for', async () => {
    expect((await planJson(echoPatch, '--sample-rate', '96000')).delays).toMatchObject([{ frames: 672 }]);
  });

  test('writes the plan that the engine loads with -o', async () => {
    const folder = makeTemporaryFolder();
    folder.write('p.jsonc', sinePatch);
    expect(await amp(['plan', 'p.jsonc', '-o', 'p.plan'], folder.path)).toMatchObject({ exitCode: 0 });
    expect(decodePlan(readFileSync(folder.at('p.plan')))).toMatchObject({ ok: true });
  });

  test('prints the mistakes of a wrong patch', async () => {
    const path = makeTemporaryFolder().write('p.jsonc', sinePatch.replace('"gain":', '"gian":'));
    const { exitCode, output, errors } = await amp(['plan', path]);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors).toContain(`${path}:5:`);
  });

  test('says that the plan cannot be written', async () => {
    const folder = makeTemporaryFolder();
    folder.write('p.jsonc', sinePatch);
    expect(await amp(['plan', 'p.jsonc', '-o', 'none/p.plan'], folder.path)).toEqual({
      exitCode: 3,
      output: '',
      errors: 'amp-live: cannot write none/p.plan: there is no folder none\n',
    });
  });

  test('refuses to write over the patch', async () => {
    const folder = makeTemporaryFolder();
    folder.write('p.jsonc', sinePatch);
    expect(await amp(['plan', 'p.jsonc', '-o', 'p.jsonc'], folder.path)).toMatchObject({ exitCode: 3 });
    expect(readFileSync(folder.at('p.jsonc'), 'utf8')).toBe(sinePatch);
  });
});
