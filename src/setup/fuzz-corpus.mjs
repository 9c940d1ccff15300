import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRepository } from './repository.mjs';
import { corpusFolder } from './sanitizers.mjs';

/**
 * Writes the plan of each patch to the inputs that the fuzz target begins with, as the compiled host encodes it.
 */
export async function writePatchPlans() {
  /** @param {string} module @param {string} name @returns {Promise<(...args: unknown[]) => any>} one of its functions */
  const load = async (module, name) => (await import(pathToFileURL(inRepository('dist/src', module)).href))[name];
  const readPatch = await load('patch/read.js', 'readPatch');
  const compilePlan = await load('plan/compile.js', 'compilePlan');
  const encodePlan = await load('plan/binary/encode.js', 'encodePlan');
  const patches = inRepository('patches');
  const files = readdirSync(patches, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.jsonc'))) {
    const reading = readPatch(readFileSync(`${patches}/${file}`, 'utf8'), file);
    const compiling = compilePlan(reading.patch, { sampleRate: 48_000 });
    writeFileSync(`${corpusFolder}/${basename(file, '.jsonc')}.plan`, encodePlan(compiling.plan));
  }
  console.log(`wrote the plans of the patches to ${corpusFolder}`);
}
