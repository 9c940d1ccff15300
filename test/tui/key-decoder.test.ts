// Keys from what a terminal sends.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namedKeys } from '../../src/patch/control-source.js';
import { KeyDecoder } from '../../tui/terminal/key-decoder.js';

function decode(...pieces: readonly string[]): readonly string[] {
  const decoder = new KeyDecoder();
  const keys = pieces.flatMap((piece) => decoder.push(piece));
  return [...keys, ...decoder.flush()];
}

describe('keys are named', () => {
  test.each([
    ['g', ['g']],
    ['G', ['g']],
    ['-=/', ['-', '=', '/']],
    [' ', ['space']],
    ['\r', ['enter']],
    ['\n', ['enter']],
    ['\t', ['tab']],
    ['\u007f', ['backspace']],
    ['\u0008', ['backspace']],
    ['\u001b', ['escape']],
    ['\u001b\u001b', ['escape', 'escape']],
    ['\u001bz', ['escape', 'z']],
    ['\u001b[A\u001b[B\u001b[C\u001b[D', ['up', 'down', 'right', 'left']],
    ['\u001bOA\u001bOB\u001bOC\u001bOD', ['up', 'down', 'right', 'left']],
    ['\u001b[1;5A', ['up']],
    ['\u001bOP\u001bOQ\u001bOR\u001bOS', ['f1', 'f2', 'f3', 'f4']],
    ['\u001b[11~\u001b[15~\u001b[17~\u001b[24~', ['f1', 'f5', 'f6', 'f12']],
    ['\u001b[[A\u001b[[E', ['f1', 'f5']],
    ['\u001b[5~\u001b[6~\u001b[H\u001b[F', ['page_up', 'page_down', 'home', 'end']],
    ['\u001b[Z', ['shift_tab']],
    ['\u0003\u0011', ['ctrl_c', 'ctrl_q']],
  ])('%j: %j', (text, keys) => {
    expect(decode(text)).toEqual(keys);
  });

  test('each name that a patch may use can be typed', () => {
    const functionKeys = ['OP', 'OQ', 'OR', 'OS', ...[15, 17, 18, 19, 20, 21, 23, 24].map((number) => `[${number}~`)];
    const arrows = ['[A', '[B', '[D', '[C'];
    const sequences = [...arrows, ...functionKeys].map((sequence) => `\u001b${sequence}`);
    expect(decode(' ', '\r', '\t', '\u007f', ...sequences)).toEqual(namedKeys);
  });

  test.each([['é'], ['漢'], ['\u0000'], ['\u001b[3~'], ['\u001b[?1;2c'], ['\u001b[<0;1;1M'], ['\u001bOz']])(
    'and %j is none',
    (text) => {
      expect(decode(text)).toEqual([]);
    },
  );
});

test('pasted text is dropped, and keys after it are not', () => {
  expect(decode('a\u001b[200~quit \u001b[A all\u001b[201~b')).toEqual(['a', 'b']);
});

test('a sequence that never ends does not keep what comes later', () => {
  expect(decode(`\u001b[${'1;'.repeat(200)}`, 'zzz').slice(-3)).toEqual(['z', 'z', 'z']);
});

const pieceOfInput = fc.oneof(
  fc.constantFrom(
    '\u001b[A',
    '\u001bOP',
    '\u001b[15~',
    '\u001b[200~x\u001b[201~',
    '\u001b[[B',
    'a',
    ' ',
    '\r',
    '\u001b[1;2H',
  ),
);

test('keys are the same however the text is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(pieceOfInput), fc.array(fc.nat({ max: 40 })), (inputs, cuts) => {
      const text = inputs.join('');
      const ends = [...cuts.filter((cut) => cut < text.length), text.length].sort((a, b) => a - b);
      const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
      expect(decode(...pieces)).toEqual(decode(text));
    }),
  );
});

test('whatever comes, what is kept stays small', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 })), (texts) => {
      const decoder = new KeyDecoder();
      for (const text of texts) {
        decoder.push(text);
      }
      expect(decoder.flush().length).toBeLessThan(40);
    }),
  );
});
