// npm run format: lays out all sources anew and mends what Biome can mend safely.
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { runAloud } = await import('./command.mjs');
const { formatNative } = await import('./native-format.mjs');
const { provideNodePackages } = await import('./node-packages.mjs');
const { runEntry } = await import('./set-up.mjs');

await runEntry(() => {
  provideNodePackages();
  const biome = runAloud([process.execPath, 'node_modules/@biomejs/biome/bin/biome', 'check', '--write', '.']);
  const native = formatNative('write');
  process.exitCode = biome.status || native;
});
