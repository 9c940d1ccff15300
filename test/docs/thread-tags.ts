// The thread tags that docs/threads.md defines, and those that native headers use.

import type { Fault } from './references.js';

/** The tags in the first column of the page's first table. */
export function definedTags(threadsPage: string): ReadonlySet<string> {
  const lines = threadsPage.split('\n');
  const begin = lines.findIndex((line) => line.startsWith('| tag |'));
  const rest = begin < 0 ? [] : lines.slice(begin + 1);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  const rows = end < 0 ? rest : rest.slice(0, end);
  return new Set(rows.flatMap((row) => /^\| `(\[\w+\])`/.exec(row)?.[1] ?? []));
}

/** A word alone in brackets is a tag; `[envelope][lane]` tells the order of a table. */
const usedTag = /(?<![\w\]])\[[a-z_]+\](?![\w[(])/g;

/** The comments of a C or C++ file, line by line; the rest of each line is blank. */
function commentLines(code: string): readonly string[] {
  let isInBlock = false;
  return code.split('\n').map((line) => {
    const begin = isInBlock ? 0 : line.indexOf('/*');
    if (begin < 0) {
      return /\/\/.*/.exec(line)?.[0] ?? '';
    }
    const end = line.indexOf('*/', begin);
    isInBlock = end < 0;
    return line.slice(begin, end < 0 ? undefined : end);
  });
}

/** Tags in the comments of a header. */
export function usedTags(header: string): readonly { readonly line: number; readonly tag: string }[] {
  return commentLines(header).flatMap((line, index) =>
    Array.from(line.matchAll(usedTag), ([tag]) => ({ line: index + 1, tag })),
  );
}

/** Tags of a header that are not defined. */
export function findUnknownTags(path: string, header: string, defined: ReadonlySet<string>): readonly Fault[] {
  return usedTags(header)
    .filter(({ tag }) => !defined.has(tag))
    .map(({ line, tag }) => `${path}:${line}: ${tag}: docs/threads.md defines no such tag`);
}
