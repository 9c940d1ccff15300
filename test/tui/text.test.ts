// Text of the screen: what a name may contain, how wide it is, and numbers.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLatency, formatLevel, formatRate, formatShare, formatTime } from '../../tui/text/format.js';
import { cutLine, lineWidth, paintLine, piece, spread } from '../../tui/text/line.js';
import { paletteFor, withoutColours } from '../../tui/text/palette.js';
import { column, displayWidth, plainText, shorten, shortenMiddle } from '../../tui/text/plain-text.js';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
const cells = fc.nat({ max: 60 });

describe('text from outside', () => {
  test('cannot move the cursor or change colours', () => {
    expect(plainText('Lead\u001b[2J\u0007\r\nSynth\u009b31m')).toBe('Lead [2J   Synth 31m');
  });

  test('never has control characters, nor characters of no or of unknown width', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(plainText(text)).not.toMatch(/[\p{C}\p{M}]|[\u{1f000}-\u{1ffff}]/u);
      }),
    );
  });

  test('keeps letters of any script', () => {
    expect(plainText('Größe 音量 Громкость')).toBe('Größe 音量 Громкость');
  });

  test('counts wide characters as two cells', () => {
    expect(displayWidth('音量 ok')).toBe(7);
  });

  test.each([
    ['ends', shorten],
    ['middles', shortenMiddle],
  ])('fits when it is shortened at its %s', (_, shortened) => {
    fc.assert(
      fc.property(anyText, cells, (text, width) => {
        expect(displayWidth(shortened(plainText(text), width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('keeps its beginning and its end when its middle is left out', () => {
    expect(shortenMiddle('/home/somebody/recordings/friday.wav', 15)).toBe('/home/s…day.wav');
  });

  test('fills a column exactly', () => {
    fc.assert(
      fc.property(anyText, cells, fc.constantFrom('left', 'right'), (text, width, alignment) => {
        expect(displayWidth(column(plainText(text), width, alignment))).toBe(width);
      }),
    );
  });
});

const anyLine = fc.array(
  fc.oneof(
    anyText.map(plainText),
    anyText.map((text) => piece('bad', plainText(text))),
  ),
);

describe('a line', () => {
  test('is never wider than the screen', () => {
    fc.assert(
      fc.property(anyLine, cells, (line, columns) => {
        const painted = withoutColours(paintLine(line, columns, paletteFor({})));
        expect(displayWidth(painted)).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test('that fits is not cut', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        expect(cutLine(line, lineWidth(line))).toEqual(line);
      }),
    );
  });

  test('says by an ellipsis that something is lost, also between two pieces', () => {
    expect(paintLine(['four', piece('bad', 'more')], 4, paletteFor({}))).toBe('fou…');
  });

  test('with a left and a right part fills the screen', () => {
    fc.assert(
      fc.property(anyLine, fc.integer({ min: 10, max: 60 }), (left, columns) => {
        expect(lineWidth(spread(left, ['right'], columns))).toBe(columns);
      }),
    );
  });

  test('has no colours where NO_COLOR is set', () => {
    expect(paintLine([piece('good', 'a'), piece('warning', 'b')], 9, paletteFor({ NO_COLOR: '1' }))).toBe('ab');
  });
});

describe('numbers', () => {
  test.each([
    [0, '0:00.0'],
    [59.96, '0:59.9'],
    [187.44, '3:07.4'],
    [3723.4, '1:02:03.4'],
    [-0.5, '0:00.0'],
    [Number.NaN, '?'],
  ])('%d seconds of playing: %s', (seconds, text) => {
    expect(formatTime(seconds)).toBe(text);
  });

  test.each([
    [0.00533, '5.3 ms'],
    [81_250, '81250.0 s'],
    [Number.POSITIVE_INFINITY, '?'],
  ])('%d seconds of latency: %s', (seconds, text) => {
    expect(formatLatency(seconds)).toBe(text);
  });

  test.each([
    [1, '0.0'],
    [0.5, '-6.0'],
    [0, '-inf'],
    [Number.NaN, '?'],
  ])('amplitude %d in dB: %s', (amplitude, text) => {
    expect(formatLevel(amplitude)).toBe(text);
  });

  test('rates and shares', () => {
    expect([formatRate(44_100), formatRate(48_000), formatShare(0.314), formatShare(1.5)]).toEqual([
      '44.1 kHz',
      '48 kHz',
      '31 %',
      '150 %',
    ]);
  });
});
