// npm start [-- ARGUMENTS]: sets up, then runs `amp-live ARGUMENTS`; without any it renders the first patch.
import { pathToFileURL } from 'node:url';
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { inRepository } = await import('./repository.mjs');
const { runEntry, setUpToPlay } = await import('./set-up.mjs');

const song = inRepository('build', 'glass_pad.wav');
const renderSong = [
  'render',
  inRepository('patches', 'glass_pad.jsonc'),
  '--midi',
  inRepository('patches', 'glass_pad.mid'),
  '-o',
  song,
];

await runEntry(async () => {
  setUpToPlay();
  const given = process.argv.slice(2);
  if (given.length === 0) {
    process.once('exit', (code) => {
      if (code === 0) console.log(`The sound is in ${song}`);
    });
  }
  // The command runs in this process: signals, exit codes and the terminal are its own.
  const command = inRepository('dist', 'src', 'cli', 'main.js');
  process.argv = [process.execPath, command, ...(given.length > 0 ? given : renderSong)];
  await import(pathToFileURL(command).href);
});
