// The patches of patches/, as a performer finds them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The path of a file of the repository. */
export function inRepository(path: string): string {
  return join(repository, path);
}

/** Every patch, as a path from the repository's folder. */
export const allPatches: readonly string[] = patchesUnder('patches');

/** One patch for each node type. */
export const examplePatches: readonly string[] = patchesUnder('patches/examples');

function patchesUnder(folder: string): readonly string[] {
  return readdirSync(inRepository(folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.jsonc'))
    .map((path) => join(folder, path))
    .sort();
}

/** The comment that a patch opens with, without its slashes. */
export function openingComment(patch: string): string {
  const lines = readFileSync(inRepository(patch), 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return lines
    .slice(0, end)
    .map((line) => line.slice(2))
    .join('\n');
}

/** The command lines of `amp-live` that a comment says to type, as words. */
export function commandsIn(comment: string): readonly (readonly string[])[] {
  return [...comment.matchAll(/npm run -s amp -- .*$/gm)].map(([line]) => line.trim().split(/\s+/));
}
