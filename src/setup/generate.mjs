// npm run generate: writes src/patch/node-types.json from what the engine declares, docs/patch.schema.json and docs/nodes.md from that, the
// plans of the examples that the fuzz target begins with, and the patches of the benchmark.
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { renameSync, writeFileSync } = await import('node:fs');
const { capture, runAloud } = await import('./command.mjs');
const { writePatchPlans } = await import('./fuzz-corpus.mjs');
const { provideDeclarationPrinter } = await import('./native-programs.mjs');
const { inRepository } = await import('./repository.mjs');
const { runEntry } = await import('./set-up.mjs');
const { SetupError } = await import('./setup-error.mjs');
const { provideSystemPackages, toTest } = await import('./system-packages.mjs');
const { provideNodePackages } = await import('./node-packages.mjs');
const { provideHost } = await import('./typescript.mjs');

/**
 * Writes what a program prints to a file of the repository: beside it and renamed, so nobody ever reads half a file.
 *
 * @param {readonly string[]} target @param {readonly [string, ...string[]]} command
 */
function writePrinted(target, command) {
  const { status, output } = capture(command);
  if (status !== 0) throw new SetupError(`${command.join(' ')} failed with exit code ${status}.`);
  const path = inRepository(...target);
  writeFileSync(`${path}.new`, output);
  renameSync(`${path}.new`, path);
  console.log(`wrote ${path}`);
}

function writeBenchmarkPatches() {
  const write = inRepository('build', 'bench', 'js', 'test', 'bench', 'write-patches.js');
  const compile = /** @type {const} */ ([process.execPath, 'node_modules/typescript/bin/tsc', '-p', 'test/bench']);
  if (runAloud(compile).status !== 0 || runAloud([process.execPath, write, inRepository()]).status !== 0) {
    throw new SetupError('The patches of the benchmark could not be written; the lines above say why.');
  }
}

await runEntry(async () => {
  provideSystemPackages(toTest);
  provideNodePackages();
  writePrinted(['src', 'patch', 'node-types.json'], [inRepository(provideDeclarationPrinter())]);
  provideHost();
  const printSchema = inRepository('dist', 'src', 'patch', 'print-json-schema.js');
  writePrinted(['docs', 'patch.schema.json'], [process.execPath, printSchema]);
  const printTypes = inRepository('dist', 'src', 'patch', 'print-types-document.js');
  writePrinted(['docs', 'nodes.md'], [process.execPath, printTypes]);
  await writePatchPlans();
  writeBenchmarkPatches();
});
