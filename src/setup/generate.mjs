// npm run generate: writes src/patch/node-types.json from what the engine declares.
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { renameSync, writeFileSync } = await import('node:fs');
const { capture } = await import('./command.mjs');
const { nativeBuildFolder, provideDeclarationPrinter } = await import('./native-build.mjs');
const { inRepository } = await import('./repository.mjs');
const { runEntry } = await import('./set-up.mjs');
const { SetupError } = await import('./setup-error.mjs');
const { provideSystemPackages, toTest } = await import('./system-packages.mjs');

const printer = `${nativeBuildFolder}/amp_declarations`;
const target = inRepository('src', 'patch', 'node-types.json');

await runEntry(() => {
  provideSystemPackages(toTest);
  provideDeclarationPrinter();
  const { status, output } = capture([inRepository(printer)]);
  if (status !== 0) throw new SetupError(`${printer} failed with exit code ${status}.`);
  // Written beside and renamed: nobody ever reads half a file.
  writeFileSync(`${target}.new`, output);
  renameSync(`${target}.new`, target);
  console.log(`wrote ${target}`);
});
