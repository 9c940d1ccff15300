import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { readPatch } from '../../src/patch/read.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import { allPatches, inRepository } from '../acceptance/patch-files.js';

/** The plan of a patch that must compile. */
function planOf(patch: string): Uint8Array {
  const reading = readPatch(readFileSync(inRepository(patch), 'utf8'), patch);
  const compiling = reading.ok ? compilePlan(reading.patch, { sampleRate: 48_000 }) : reading;
  if (!compiling.ok) {
    throw new Error(`${patch} does not compile`);
  }
  return encodePlan(compiling.plan);
}

test.each(allPatches)('the fuzz target begins with the plan of %s (npm run generate writes it)', (patch) => {
  const path = inRepository(`native/test/fuzz/corpus/${basename(patch, '.jsonc')}.plan`);
  const written = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  expect(written.equals(planOf(patch)), path).toBe(true);
});
