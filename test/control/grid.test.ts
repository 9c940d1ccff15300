import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstGridFrame } from '../../src/control/grid.js';
import type { Literal } from '../../src/patch/patch.js';

const timing = { rate: 48_000, tempo: 120, meter: { numerator: 3, denominator: 4 } };
const quarter: Literal = { number: 0.25, unit: 'whole_notes' };
const bar: Literal = { number: 1, unit: 'bars' };

describe('the next frame of a grid', () => {
  test.each<[string, Literal, number, number]>([
    ['now, without a grid', { number: 0, unit: 'plain' }, 12_345, 12_345],
    ['the beginning', quarter, 0, 0],
    ['the same frame, on the grid', quarter, 24_000, 24_000],
    ['a quarter later, just behind the grid', quarter, 24_001, 48_000],
    ['the end of the bar in its meter', bar, 1, 72_000],
    ['after two seconds', { number: 2, unit: 'seconds' }, 100_000, 192_000],
  ])('is %s', (_, grid, frame, expected) => {
    expect(firstGridFrame(grid, timing, frame)).toBe(expected);
  });

  test('is the nearest frame to a multiple of the length, the first one that is not before', () => {
    const tempo = fc.double({ min: 20, max: 300, noNaN: true });
    fc.assert(
      fc.property(
        tempo,
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.integer({ min: 1, max: 64 }),
        (tempo, frame, n) => {
          const length = (48_000 * 240) / tempo / n;
          const found = firstGridFrame({ number: 1 / n, unit: 'whole_notes' }, { ...timing, tempo }, frame);
          const place = Math.round(found / length);
          expect(found).toBeGreaterThanOrEqual(frame);
          expect(Math.abs(found - place * length)).toBeLessThanOrEqual(0.501);
          expect(Math.round((place - 1) * length)).toBeLessThanOrEqual(frame);
        },
      ),
    );
  });
});
