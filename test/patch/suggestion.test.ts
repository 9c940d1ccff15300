import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closestWord, editDistance } from '../../src/patch/suggestion.js';

const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 8 });

describe('edit distance', () => {
  test('is 0 for equal words only', () => {
    fc.assert(fc.property(words, words, (a, b) => (editDistance(a, b) === 0) === (a === b)));
  });

  test('is the same both ways', () => {
    fc.assert(fc.property(words, words, (a, b) => editDistance(a, b) === editDistance(b, a)));
  });

  test('is never more than the longer word', () => {
    fc.assert(fc.property(words, words, (a, b) => editDistance(a, b) <= Math.max(a.length, b.length)));
  });

  test('counts two swapped letters once', () => {
    expect(editDistance('hgih', 'high')).toBe(1);
  });
});

describe('the word that was meant', () => {
  test.each([
    ['cutof', 'cutoff'],
    ['CUTOFF', 'cutoff'],
    ['frequency', 'freq'],
    ['res', 'resonance'],
    ['cuttoff', 'cutoff'],
  ])('by %s is %s', (word, meant) => {
    expect(closestWord(word, ['freq', 'cutoff', 'resonance'])).toBe(meant);
  });

  test('is none of those that are far', () => {
    expect(closestWord('volume', ['freq', 'cutoff', 'resonance'])).toBeUndefined();
  });

  test('is not asked for among the words of a program', () => {
    const ids = Array.from({ length: 20000 }, (_, index) => `n${index}`);
    expect(closestWord('n20001', ids)).toBeUndefined();
  });
});
