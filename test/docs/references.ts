// Finds what a document names in `backticks` or links to, and judges whether it exists.

import { dirname, join } from 'node:path';
import { isInCode, isInRepository, readSource } from './sources.js';

/** A sentence that begins with file and line. */
export type Fault = string;

interface Named {
  readonly line: number;
  readonly text: string;
}

/** Lines inside of fences are left empty, so that numbers stay right. */
function linesOutsideFences(text: string): readonly string[] {
  let isFenced = false;
  return text.split('\n').map((line) => {
    const isFence = line.trimStart().startsWith('```');
    isFenced = isFence ? !isFenced : isFenced;
    return isFence || isFenced ? '' : line;
  });
}

function namedInBackticks(text: string): readonly Named[] {
  return linesOutsideFences(text).flatMap((line, index) =>
    Array.from(line.matchAll(/`([^`]+)`/g), (match) => ({ line: index + 1, text: match[1] ?? '' })),
  );
}

const path = /^[\w.@-]+(\/[\w.@-]+)*\/[\w.@-]*$/;
const fileName = /^[\w-]+\.(md|txt|json|ts|mjs|h|cpp|c)$/;
const symbol = /^[A-Za-z_]\w*((::|\.)~?[A-Za-z_]\w*)*(\(\))?$/;
const script = /^npm (?:run (?:-s )?)?([\w:]+)$/;
const compilerFlag = /^-[a-z][\w=-]+$/;
const tag = /^\[\w+\]$/;

/** Why what stands in backticks does not exist; nothing if it does. Nothing may stand there that cannot be judged. */
function judge(named: string, tags: ReadonlySet<string>): string | undefined {
  if (tag.test(named)) {
    return tags.has(named) ? undefined : 'docs/threads.md defines no such tag';
  }
  if (path.test(named) || fileName.test(named)) {
    return isInRepository(named) ? undefined : 'there is no such file or folder';
  }
  if (script.test(named)) {
    const { scripts } = JSON.parse(readSource('package.json')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    return (script.exec(named)?.[1] ?? '') in scripts ? undefined : 'package.json has no such script';
  }
  if (compilerFlag.test(named)) {
    return readSource('CMakeLists.txt').includes(named) ? undefined : 'CMakeLists.txt has no such flag';
  }
  if (symbol.test(named)) {
    const names = named.match(/[A-Za-z_]\w*/g) ?? [];
    return isInCode(names) ? undefined : 'no source file under native/ or src/ has this symbol';
  }
  return 'neither a path nor a symbol, so nobody can check it; it fits without backticks';
}

/** What a document names and the repository has not. */
export function findUnknownNames(document: string, text: string, tags: ReadonlySet<string>): readonly Fault[] {
  return namedInBackticks(text).flatMap(({ line, text: named }) => {
    const fault = judge(named, tags);
    return fault === undefined ? [] : [`${document}:${line}: \`${named}\`: ${fault}`];
  });
}

/** The anchor that a heading gets. */
function anchorOf(heading: string): string {
  const words = heading.replace(/^#+\s*/, '').toLowerCase();
  return words
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replaceAll(' ', '-');
}

function anchorsOf(text: string): ReadonlySet<string> {
  return new Set(
    linesOutsideFences(text)
      .filter((line) => line.startsWith('#'))
      .map(anchorOf),
  );
}

/** Links of a document to files of the repository, and to headings in them, that lead nowhere. */
export function findBrokenLinks(document: string, text: string): readonly Fault[] {
  return linesOutsideFences(text).flatMap((line, index) =>
    Array.from(line.matchAll(/\]\(([^)\s]+)\)/g)).flatMap((match) => {
      const link = match[1] ?? '';
      const fault = /^[a-z]+:/.test(link) ? undefined : judgeLink(document, text, link);
      return fault === undefined ? [] : [`${document}:${index + 1}: (${link}): ${fault}`];
    }),
  );
}

function judgeLink(document: string, text: string, link: string): string | undefined {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? document : join(dirname(document), file);
  if (file !== '' && (target.startsWith('..') || !isInRepository(target))) {
    return `there is no ${target}`;
  }
  if (anchor === undefined) {
    return undefined;
  }
  const content = file === '' ? text : readSource(target);
  return anchorsOf(content).has(anchor) ? undefined : `${target} has no heading #${anchor}`;
}
