import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { runAloud } from './command.mjs';
import { inRepository } from './repository.mjs';

const sourceSuffix = /\.(h|c|cpp)$/;

/** @returns {string[]} the C and C++ files below native/, relative to the checkout */
function nativeSources() {
  return readdirSync(inRepository('native'), { recursive: true, encoding: 'utf8' })
    .filter((path) => sourceSuffix.test(path))
    .map((path) => `native/${path}`)
    .sort();
}

/**
 * Runs the clang-format of node_modules, one version for everybody, over all native sources.
 *
 * @param {'check' | 'write'} mode
 * @returns {number} its exit code
 */
export function formatNative(mode) {
  const sources = nativeSources();
  if (sources.length === 0) return 0;
  const options = mode === 'check' ? ['--dry-run', '--Werror', '--ferror-limit=1'] : ['-i'];
  const list = inRepository('build', 'native-sources.txt');
  mkdirSync(inRepository('build'), { recursive: true });
  writeFileSync(list, `${sources.join('\n')}\n`);
  const clangFormat = 'node_modules/clang-format-node/build/cli.js';
  return runAloud([process.execPath, clangFormat, ...options, `--files=${list}`]).status;
}
