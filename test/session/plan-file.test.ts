import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodePlan } from '../../src/plan/binary/decode.js';
import { inspectPlan, writePlanFile } from '../../src/session/plan-file.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { echoPatch, sinePatch } from './rendering.js';

async function inspect(patch: string, { block = 64, patchPath = makeTemporaryFolder().at('patch.jsonc') } = {}) {
  writeFileSync(patchPath, patch);
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
  const [small, large] = [await inspect(echoPatch, { block: 64 }), await inspect(echoPatch, { block: 4096 })];
  expect(large.description.arenaBytes).toBeGreaterThan(small.description.arenaBytes ?? 0);
});

test('a written plan is a plan', async () => {
  const folder = makeTemporaryFolder();
  const patchPath = folder.at('echo.jsonc');
  const { bytes } = await inspect(echoPatch, { patchPath });
  expect(await writePlanFile(folder.at('echo.plan'), bytes, [patchPath])).toEqual({ ok: true });
  expect(decodePlan(readFileSync(folder.at('echo.plan')))).toMatchObject({ ok: true, plan: { nodes: { length: 8 } } });
});

test('a plan cannot be written where there is no folder', async () => {
  const folder = makeTemporaryFolder();
  const patchPath = folder.write('echo.jsonc', echoPatch);
  expect(await writePlanFile(folder.at('none/echo.plan'), new Uint8Array(1), [patchPath])).toMatchObject({
    failure: { type: 'unwritable_file' },
  });
});

test('a plan is not written over its patch', async () => {
  const folder = makeTemporaryFolder();
  const patchPath = folder.write('echo.jsonc', echoPatch);
  expect(await writePlanFile(folder.at('./echo.jsonc'), new Uint8Array(1), [patchPath])).toMatchObject({
    failure: { type: 'unwritable_file', reason: 'it is read as well' },
  });
  expect(readFileSync(patchPath, 'utf8')).toBe(echoPatch);
});
