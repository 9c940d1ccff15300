import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Literal } from '../../src/patch/patch.js';
import { literalUnits } from '../../src/patch/patch.js';
import type { Timing } from '../../src/patch/units.js';
import { approximateValue, formatLiteral, framesOf, parseLiteral } from '../../src/patch/units.js';

const fourFour = { numerator: 4, denominator: 4 };
const timing: Timing = { rate: 48000, tempo: 120, meter: fourFour };
const numbers = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((number) => (number === 0 ? 0 : number));
const tempos = fc.double({ min: 1, max: 1000, noNaN: true });
const times: readonly Literal['unit'][] = ['plain', 'frames', 'seconds', 'milliseconds', 'whole_notes', 'bars'];

describe('a value with a unit', () => {
  test.each<[string, Literal]>([
    ['440 Hz', { number: 440, unit: 'hertz' }],
    ['2 kHz', { number: 2, unit: 'kilohertz' }],
    ['2kHz', { number: 2, unit: 'kilohertz' }],
    ['1.5 s', { number: 1.5, unit: 'seconds' }],
    ['5 ms', { number: 5, unit: 'milliseconds' }],
    ['-6 dB', { number: -6, unit: 'decibels' }],
    ['50 %', { number: 50, unit: 'percent' }],
    ['480 frames', { number: 480, unit: 'frames' }],
    ['1 frame', { number: 1, unit: 'frames' }],
    ['3/16', { number: 0.1875, unit: 'whole_notes' }],
    ['2 bars', { number: 2, unit: 'bars' }],
    ['.5 bar', { number: 0.5, unit: 'bars' }],
    ['A4', { number: 69, unit: 'note' }],
    ['C4', { number: 60, unit: 'note' }],
    ['C#4', { number: 61, unit: 'note' }],
    ['Bb3', { number: 58, unit: 'note' }],
    ['Cb4', { number: 59, unit: 'note' }],
    ['C-1', { number: 0, unit: 'note' }],
    ['A4+15', { number: 69.15, unit: 'note' }],
    ['A-1-15', { number: 8.85, unit: 'note' }],
    [' 5 ms ', { number: 5, unit: 'milliseconds' }],
  ])('%j is read', (text, literal) => {
    expect(parseLiteral(text)).toEqual(literal);
  });

  test.each([
    '',
    ' ',
    'fast',
    '5',
    '5 m',
    '5 khz',
    'H4',
    'c4',
    'C##4',
    '3/0',
    '3/',
    '1/2/3',
    '1e999 s',
    'NaN Hz',
    '--5 ms',
    '5 ms ms',
  ])('%j is none', (text) => {
    expect(parseLiteral(text)).toBeUndefined();
  });

  test.each(literalUnits.filter((unit) => unit !== 'plain' && unit !== 'note'))(
    'in %s is read back from what was written',
    (unit) => {
      fc.assert(
        fc.property(numbers, (number) => {
          expect(parseLiteral(String(formatLiteral({ number, unit })))).toEqual({ number, unit });
        }),
      );
    },
  );

  test('that is a note is read back from what was written', () => {
    const noteNumbers = fc.oneof(
      fc.integer({ min: -24, max: 160 }),
      fc.integer({ min: 0, max: 12700 }).map((cents) => cents / 100),
    );
    fc.assert(
      fc.property(noteNumbers, (number) => {
        expect(parseLiteral(String(formatLiteral({ number, unit: 'note' })))).toEqual({ number, unit: 'note' });
      }),
    );
  });

  test('is written in the way of performers', () => {
    const texts = ['C#4', '3/16', '1 bar', '5 ms', 'A4-50'];
    expect(texts.map((text) => formatLiteral(parseLiteral(text) ?? { number: 0, unit: 'plain' }))).toEqual(texts);
  });

  test('is read or refused in little time, however long the text', () => {
    const long = `${'1'.repeat(1e5)}x`;
    const start = performance.now();
    parseLiteral(long);
    expect(performance.now() - start).toBeLessThan(100);
  });
});

describe('a time in frames', () => {
  test.each<[string, number]>([
    ['10 ms', 480],
    ['1 s', 48000],
    ['7 frames', 7],
    ['1/4', 24000],
    ['3/16', 18000],
    ['1 bar', 96000],
    ['0.01 ms', 0],
  ])('%s at 48 kHz and tempo 120 is %i', (text, frames) => {
    expect(framesOf(parseLiteral(text) ?? { number: 0, unit: 'plain' }, 48000, 120, fourFour)).toBe(frames);
  });

  test('is a whole number in every unit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...times),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        tempos,
        (unit, number, tempo) => {
          expect(Number.isInteger(framesOf({ number, unit }, 44100, tempo, { numerator: 7, denominator: 8 }))).toBe(
            true,
          );
        },
      ),
    );
  });

  test('never shrinks when the written time grows', () => {
    const lengths = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...times), lengths, lengths, tempos, (unit, a, b, tempo) => {
        const inFrames = (number: number) => framesOf({ number, unit }, 44100, tempo, fourFour);
        expect(inFrames(Math.min(a, b))).toBeLessThanOrEqual(inFrames(Math.max(a, b)));
      }),
    );
  });

  test('of a bar is that of as many whole notes as the meter says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.constantFrom(1, 2, 4, 8, 16, 32, 64),
        (numerator, denominator) => {
          const bar = framesOf({ number: 1, unit: 'bars' }, 48000, 120, { numerator, denominator });
          expect(bar).toBe(framesOf({ number: numerator / denominator, unit: 'whole_notes' }, 48000, 120, fourFour));
        },
      ),
    );
  });

  test('is refused for what is no time', () => {
    expect(() => framesOf({ number: 440, unit: 'hertz' }, 48000, 120, fourFour)).toThrow('440 Hz is not a time');
  });
});

describe('a value compared with a range', () => {
  test.each<[string, Parameters<typeof approximateValue>[1], number]>([
    ['A4', 'hertz', 440],
    ['A5', 'hertz', 880],
    ['1/4', 'hertz', 2],
    ['1 bar', 'hertz', 0.5],
    ['1/4', 'seconds', 0.5],
    ['480 frames', 'seconds', 0.01],
    ['20 dB', 'ratio', 10],
    ['50 %', 'ratio', 0.5],
  ])('%s as %s is about %d', (text, unit, value) => {
    expect(approximateValue(parseLiteral(text) ?? { number: 0, unit: 'plain' }, unit, timing)).toBeCloseTo(value, 9);
  });
});
