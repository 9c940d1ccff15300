// What a document may refer to: the files of the repository, and the words of its code.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

const codeFiles = new Set(['.h', '.cpp', '.c', '.ts', '.tsx', '.mjs', '.json', '.txt']);

/** All files at or below a folder of the repository, as paths from its root. */
export function filesBelow(folder: string, extensions: ReadonlySet<string>): readonly string[] {
  if (!existsSync(join(root, folder))) {
    return [];
  }
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

export function readSource(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Takes comments away, so that a symbol which only a comment remembers counts as gone. */
export function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/(^|[^:])\/\/.*$/gm, '$1');
}

function wordsOf(path: string): ReadonlySet<string> {
  return new Set(withoutComments(readSource(path)).match(/[A-Za-z_]\w*/g) ?? []);
}

let words: readonly ReadonlySet<string>[] | undefined;

/** Whether one source file under native/ or src/, or CMakeLists.txt, has all of these words in its code. */
export function isInCode(names: readonly string[]): boolean {
  words ??= ['CMakeLists.txt', ...filesBelow('native', codeFiles), ...filesBelow('src', codeFiles)].map(wordsOf);
  return words.some((known) => names.every((name) => known.has(name)));
}

/** Whether a file or folder is there. */
export function isInRepository(path: string): boolean {
  return existsSync(join(root, path));
}
