// npm start [-- ARGUMENTS]: sets up, then runs `amp-live ARGUMENTS`; without any it plays the first patch.
import { pathToFileURL } from 'node:url';
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { inRepository } = await import('./repository.mjs');
const { runEntry, setUpToPlay } = await import('./set-up.mjs');

const { argumentsOf } = await import('./start-arguments.mjs');

await runEntry(async () => {
  setUpToPlay();
  // The command runs in this process: signals, exit codes and the terminal are its own.
  const command = inRepository('dist', 'src', 'cli', 'main.js');
  process.argv = [process.execPath, command, ...argumentsOf(process.argv.slice(2))];
  await import(pathToFileURL(command).href);
});
