import { inRepository } from './repository.mjs';

/** The patch and the notes that a newcomer hears first, until the first note of their own. */
const firstSong = [
  'play',
  inRepository('patches', 'glass_pad.jsonc'),
  '--midi',
  inRepository('patches', 'glass_pad.mid'),
  '--loop',
];

/**
 * What `npm start` gives to `amp-live`: what was typed after `--`, else the first song. Options alone are for the first
 * song too, so that `npm start -- --device hw:1` plays it there; but `--help` and `--version` ask about the program.
 *
 * @param {readonly string[]} given @returns {readonly string[]}
 */
export function argumentsOf(given) {
  const [first] = given;
  const asksAboutProgram = first === '-h' || first === '--help' || first === '--version';
  const isForSong = first === undefined || (first.startsWith('-') && !asksAboutProgram);
  return isForSong ? [...firstSong, ...given] : given;
}
