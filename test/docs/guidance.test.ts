import { describe, expect, test } from 'vitest';
import { findBrokenLinks, findUnknownNames } from './references.js';
import { filesBelow, isInRepository, readSource, withoutComments } from './sources.js';
import { definedTags, findUnknownTags, usedTags } from './thread-tags.js';

const tags = definedTags(readSource('docs/threads.md'));
const headers = filesBelow('native', new Set(['.h']));
const pages = [...filesBelow('docs', new Set(['.md'])), ...(isInRepository('README.md') ? ['README.md'] : [])];
const decisions = pages.filter((page) => page.startsWith('docs/decisions/'));

describe('what a document names', () => {
  test.each(['docs/kpn_development_guidance.md', 'docs/threads.md', ...decisions])(
    '%s: every path and symbol exists',
    (page) => {
      expect(findUnknownNames(page, readSource(page), tags)).toEqual([]);
    },
  );

  test.each([
    ['a path', 'native/base/absent.h', 'there is no such file or folder'],
    ['a symbol', 'Sealer::unseal', 'no source file under native/ or src/ has this symbol'],
    ['a script', 'npm run absent', 'package.json has no such script'],
    ['a flag of the compiler', '-ffast-math', 'CMakeLists.txt has no such flag'],
    ['a thread tag', '[dancer]', 'docs/threads.md defines no such tag'],
  ])('is told with its line when it is %s that is not there', (_, name, fault) => {
    expect(findUnknownNames('page.md', `one\ntwo \`${name}\``, tags)).toEqual([`page.md:2: \`${name}\`: ${fault}`]);
  });

  test('is not there when only a comment of the code has it', () => {
    const code = 'int kept; // gone, "http://a/b"\n/* away\n lost */ int held;';
    expect(withoutComments(code).match(/\w+/g)).toEqual(['int', 'kept', 'int', 'held']);
  });

  test('is asked for without backticks when nobody can check it', () => {
    expect(findUnknownNames('page.md', '`t - d`', tags)).toEqual([
      expect.stringContaining('neither a path nor a symbol'),
    ]);
  });
});

describe('links', () => {
  test.each(pages)('%s: every link leads somewhere', (page) => {
    expect(findBrokenLinks(page, readSource(page))).toEqual([]);
  });

  test('to a file that is not there are told with their line', () => {
    expect(findBrokenLinks('docs/page.md', 'one\n[two](absent.md)')).toEqual([
      'docs/page.md:2: (absent.md): there is no docs/absent.md',
    ]);
  });

  test('to a heading that is not there are told with their line', () => {
    expect(findBrokenLinks('docs/page.md', '# Here\n[a](#here) [b](#there)')).toEqual([
      'docs/page.md:2: (#there): docs/page.md has no heading #there',
    ]);
  });
});

describe('thread tags', () => {
  test('are defined in docs/threads.md', () => {
    expect([...tags]).toEqual(['[main]', '[compiler]', '[device]', '[worker]', '[any]']);
  });

  test('in comments of native headers are those that are defined', () => {
    expect(headers.flatMap((path) => findUnknownTags(path, readSource(path), tags))).toEqual([]);
  });

  test('are found in comments of both kinds, and only there', () => {
    const header = '// Makes it. [worker]\nint a[worker];\n/* Asks.\n * [any] */ [b]\n// [first][second] of a table';
    expect(usedTags(header)).toEqual([
      { line: 1, tag: '[worker]' },
      { line: 4, tag: '[any]' },
    ]);
  });

  test('that are not defined are told with their line', () => {
    expect(findUnknownTags('native/a.h', '\n// Dances. [dancer]', tags)).toEqual([
      'native/a.h:2: [dancer]: docs/threads.md defines no such tag',
    ]);
  });
});
