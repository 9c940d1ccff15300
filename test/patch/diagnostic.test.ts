import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic, SourceText } from '../../src/patch/diagnostic.js';

describe('a place in the text', () => {
  test('is written as file:line:column: message', () => {
    const diagnostic = new SourceText('pad.jsonc', 'one\ntwo').diagnostic({ offset: 5, length: 1 }, 'no such node');
    expect(formatDiagnostic(diagnostic)).toBe('pad.jsonc:2:2: no such node');
  });

  test.each([
    ['\n', 'a\nb'],
    ['\r\n', 'a\r\nb'],
    ['\r', 'a\rb'],
  ])('is found behind the line end %j', (_lineEnd, text) => {
    expect(new SourceText('f', text).positionAt(text.indexOf('b'))).toEqual({ line: 2, column: 1 });
  });

  test('does not count a byte order mark', () => {
    const source = new SourceText('f', '\uFEFFab');
    expect(source.positionAt(source.text.indexOf('b'))).toEqual({ line: 1, column: 2 });
  });

  test('leads back to its offset by counting lines and columns', () => {
    const texts = fc.array(fc.constantFrom('a', 'é', '😀', ' ', '\n', '\r\n', '\r'), { maxLength: 40 });
    fc.assert(
      fc.property(texts, fc.nat({ max: 80 }), (pieces, place) => {
        const text = pieces.join('');
        const offset = Math.min(place, text.length);
        const { line, column } = new SourceText('f', text).positionAt(offset);
        const lineStarts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)];
        expect((lineStarts[line - 1] ?? Number.NaN) + column - 1).toBe(offset);
      }),
    );
  });
});
