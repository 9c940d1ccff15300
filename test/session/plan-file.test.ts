import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodePlan } from '../../src/plan/binary/decode.js';
import { inspectPlan, writePlanFile } from '../../src/session/plan-file.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { echoPatch, sinePatch } from './rendering.js';

async function inspect(patch: string, block = 64) {
  const patchPath = makeTemporaryFolder().write('patch.jsonc', patch);
  const planning = await inspectPlan({ patchPath, block, sampleRate: 48_000 });
  if (!planning.ok) {
    throw new Error(JSON.stringify(planning.failure));
  }
  return planning;
}

test('a plan is described with the size of its arena', async () => {
  expect((await inspect(sinePatch)).description.arenaBytes).toBeGreaterThan(0);
});

test('a larger block takes a larger arena', async () => {
  const [small, large] = [await inspect(echoPatch, 64), await inspect(echoPatch, 4096)];
  expect(large.description.arenaBytes).toBeGreaterThan(small.description.arenaBytes ?? 0);
});

test('a written plan is a plan', async () => {
  const { bytes } = await inspect(echoPatch);
  const path = makeTemporaryFolder().at('echo.plan');
  expect(await writePlanFile(path, bytes)).toEqual({ ok: true });
  expect(decodePlan(readFileSync(path))).toMatchObject({ ok: true, plan: { nodes: { length: 8 } } });
});

test('a plan cannot be written where there is no folder', async () => {
  const path = makeTemporaryFolder().at('none/echo.plan');
  expect(await writePlanFile(path, new Uint8Array(1))).toMatchObject({
    ok: false,
    failure: { type: 'unwritable_file' },
  });
});
