// npm run lint: style and formatting of all sources, and the types of the tests and of these set-up files.
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { runAloud } = await import('./command.mjs');
const { formatNative } = await import('./native-format.mjs');
const { provideNodePackages } = await import('./node-packages.mjs');
const { runEntry } = await import('./set-up.mjs');
const { SetupError } = await import('./setup-error.mjs');

const node = process.execPath;

await runEntry(() => {
  provideNodePackages();
  const checks = [
    {
      name: 'Biome',
      status: runAloud([node, 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']).status,
    },
    {
      name: 'TypeScript',
      status: runAloud([node, 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit']).status,
    },
    { name: 'TypeScript in tests', status: runAloud([node, 'node_modules/typescript/bin/tsc', '-p', 'test']).status },
    { name: 'clang-format', status: formatNative('check') },
  ];
  const failed = checks.filter(({ status }) => status !== 0).map(({ name }) => name);
  if (failed.length > 0)
    throw new SetupError(`lint: ${failed.join(', ')} found faults; npm run format mends the layout.`, 1);
  console.log('lint: no faults');
});
