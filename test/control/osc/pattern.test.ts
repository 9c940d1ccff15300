import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../../src/control/osc/address-space.js';
import { addressParts, isPattern, longestPattern, parsePattern } from '../../../src/control/osc/pattern.js';

function matches(pattern: string, address: string): boolean {
  const reading = parsePattern(pattern);
  if (!reading.ok) {
    throw new Error(reading.message);
  }
  return reading.pattern.matches(addressParts(address), { left: Number.POSITIVE_INFINITY });
}

describe('a pattern', () => {
  test.each([
    ['/low/cutoff', '/low/cutoff', '/low/cutof'],
    ['/l?w/cutoff', '/low/cutoff', '/lw/cutoff'],
    ['/*/cutoff', '/low/cutoff', '/low/mid/cutoff'],
    ['/l*w/*', '/lw/cutoff', '/low'],
    ['/*', '/low', '/low/cutoff'],
    ['/a*b*c/x', '/a_b_b_c/x', '/a_c_b/x'],
    ['/voice[1-3]/gain', '/voice2/gain', '/voice4/gain'],
    ['/voice[!1-3]/gain', '/voice4/gain', '/voice2/gain'],
    ['/x[!1]/gain', '/x2/gain', '/x/gain'],
    ['/x[a-]/gain', '/x-/gain', '/xb/gain'],
    ['/x[1!]/gain', '/x!/gain', '/x2/gain'],
    ['/{low,high}/cutoff', '/high/cutoff', '/middle/cutoff'],
    ['/a/{b,bc}', '/a/bc', '/a/bcc'],
    ['/a/{b,bc}c', '/a/bc', '/a/c'],
    ['/a/{,b}c', '/a/c', '/a/bbc'],
    ['/a+b', '/a+b', '/aab'],
    ['/a.b', '/a.b', '/aab'],
    ['//cutoff', '/low/cutoff', '/low/cutoff/x'],
    ['//cutoff', '/cutoff', '/low'],
    ['/a//d', '/a/b/c/d', '/b/c/d'],
    ['/a//d', '/a/d', '/a'],
    ['//b//d', '/a/b/b/c/d', '/a/d/b'],
    ['//{x,y}/g*', '/a/b/y/gain', '/a/y/b/gain'],
  ])('%s means %s and not %s', (pattern, meant, other) => {
    expect([matches(pattern, meant), matches(pattern, other)]).toEqual([true, false]);
  });

  test.each([
    '/a[b',
    '/a{b',
    '/a]b',
    '/a}b',
    '/a[]',
    '/a[z-a]',
    '/{a*}',
    '/a{b/c}',
    '/a/',
    '//',
    '/a//',
    `/${'a'.repeat(longestPattern)}`,
  ])('that means nothing is refused: %s', (pattern) => {
    expect(parsePattern(pattern)).toMatchObject({ ok: false });
  });

  test.each([
    ['/low/cutoff', false],
    ['/low//cutoff', true],
    ['/l?w', true],
    ['/a,b', false],
  ])('is told from an address: %s', (text, expected) => {
    expect(isPattern(text)).toBe(expected);
  });

  /** What the standard says of one part, by trying everything. */
  function naive(pattern: string, name: string): boolean {
    if (pattern === '') {
      return name === '';
    }
    if (pattern[0] === '*') {
      return naive(pattern.slice(1), name) || (name !== '' && naive(pattern, name.slice(1)));
    }
    if (pattern[0] === '{') {
      const end = pattern.indexOf('}');
      const words = pattern.slice(1, end).split(',');
      return words.some((word) => name.startsWith(word) && naive(pattern.slice(end + 1), name.slice(word.length)));
    }
    return name !== '' && (pattern[0] === '?' || pattern[0] === name[0]) && naive(pattern.slice(1), name.slice(1));
  }

  test('matches a name as trying everything does', () => {
    const piece = fc.oneof(fc.constantFrom('a', 'b', '?', '*'), fc.constantFrom('{a,ab}', '{b,,aa}', '{ab,ba,b}'));
    const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
    const name = fc.stringMatching(/^[ab]{1,8}$/);
    fc.assert(
      fc.property(pattern, name, (text, word) => {
        expect(matches(`/${text}`, `/${word}`)).toBe(naive(text, word));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['stars', `/${'*a'.repeat(120)}c`],
    ['braces', `/${'{a,aa,aaa}'.repeat(24)}c`],
    ['optional braces', `/${'{,a,aa}'.repeat(36)}c`],
    ['questions', `/${'*?'.repeat(120)}c`],
    ['descents', `/${'/*a'.repeat(80)}`],
    ['sets', `/${'*[a-z!0-9]'.repeat(24)}c`],
  ])('made of %s does not stall a patch of a thousand nodes', (_, pattern) => {
    const nodes = Array.from({ length: 1000 }, (_, index) => ({
      id: `${'a'.repeat(40)}${index}`,
      parameters: ['aaaaaaaa', 'aaaaaaab', 'cutoff', 'gain'].map((name) => ({ name, minimum: 0, maximum: 1 })),
    }));
    const space = new AddressSpace({ nodes, gates: [], controls: [] });
    const message = { type: 'message', address: pattern, arguments: [] } as const;
    const milliseconds = [0, 1, 2, 3, 4].map((round) => {
      // Of the processor: what else the machine does is not the pattern's fault.
      const begin = process.cpuUsage();
      // Each round another pattern, as nothing must have been remembered.
      space.meaningOf({ ...message, address: `${pattern}${round}` });
      const { user, system } = process.cpuUsage(begin);
      return (user + system) / 1000;
    });
    expect(Math.min(...milliseconds)).toBeLessThan(20);
  });
});
