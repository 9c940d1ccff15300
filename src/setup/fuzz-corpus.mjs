import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inRepository } from './repository.mjs';
import { corpusFolder } from './sanitizers.mjs';

/**
 * Writes the plan of each example to the inputs that the fuzz target begins with, as the compiled host encodes it.
 */
export async function writeExamplePlans() {
  /** @param {string[]} path @returns {Promise<Record<string, Function>>} */
  const load = (...path) => import(pathToFileURL(inRepository('dist', 'src', ...path)).href);
  const [{ readPatch }, { compilePlan }, { encodePlan }] = await Promise.all([
    load('patch', 'read.js'),
    load('plan', 'compile.js'),
    load('plan', 'binary', 'encode.js'),
  ]);
  const examples = inRepository('patches', 'examples');
  for (const file of readdirSync(examples).filter((name) => name.endsWith('.jsonc'))) {
    const reading = readPatch(readFileSync(`${examples}/${file}`, 'utf8'), file);
    const compiling = compilePlan(reading.patch, { sampleRate: 48_000 });
    writeFileSync(`${corpusFolder}/${file.replace(/jsonc$/, 'plan')}`, encodePlan(compiling.plan));
  }
  console.log(`wrote the plans of the examples to ${corpusFolder}`);
}
