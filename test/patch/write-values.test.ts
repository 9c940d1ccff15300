import { describe, expect, test } from 'vitest';
import type { Literal } from '../../src/patch/patch.js';
import { readPatch } from '../../src/patch/read.js';
import { approximateValue, fittingUnits, formatLiteral, parseLiteral } from '../../src/patch/units.js';
import { literalOf, writeValues } from '../../src/patch/write-values.js';
import { sketch } from './sketch.js';

const cutoff = ['nodes', 'low', 'cutoff'];
const timing = { rate: 48_000, tempo: 96, meter: { numerator: 3, denominator: 4 } };

describe('values that are put into a patch', () => {
  test('stand in the place of the old ones, and nothing else changes', () => {
    const written = writeValues(sketch, [
      { path: cutoff, literal: { number: 1234.5, unit: 'plain' } },
      { path: ['nodes', 'env', 'attack'], literal: { number: 7.25, unit: 'milliseconds' } },
      { path: ['edges', 6, 'gain'], literal: { number: -6, unit: 'decibels' } },
    ]);
    const expected = sketch
      .replace('"cutoff": 900', '"cutoff": 1234.5')
      .replace('"attack": "5 ms"', '"attack": "7.25 ms"')
      .replace('"gain": 0.5', '"gain": "-6 dB"');
    expect(written).toBe(expected);
  });

  test('find a place where the patch says nothing', () => {
    const written = writeValues(sketch, [
      { path: ['nodes', 'env', 'decay'], literal: { number: 0.25, unit: 'plain' } },
    ]);
    const reading = readPatch(written, 'written.jsonc');
    const env = reading.ok ? reading.patch.nodes.find(({ id }) => id === 'env') : undefined;
    expect(env?.parameters.get('decay')?.values).toEqual([{ number: 0.25, unit: 'plain' }]);
    expect(written).toContain('// Voices.');
  });

  test('stand in one place of a list', () => {
    const text = '{ "nodes": { "a": { "freq": [1, /* two */ 2, 3] } } }';
    const literal: Literal = { number: 5, unit: 'plain' };
    expect(writeValues(text, [{ path: ['nodes', 'a', 'freq', 1], literal }])).toBe(text.replace(' 2,', ' 5,'));
  });
});

describe('a value as a literal', () => {
  const units = [
    ['hertz', 523.2468],
    ['seconds', 0.0123456],
    ['ratio', 0.71234],
  ] as const;
  const cases = units.flatMap(([unit, value]) => fittingUnits[unit].map((written) => [unit, written, value] as const));

  test.each(cases)('of %s in %s is what was meant, to six digits', (unit, written, value) => {
    const literal = literalOf(value, unit, written, timing);
    const again = literal === undefined ? undefined : parseText(formatLiteral(literal));
    expect(again?.unit).toBe(written);
    expect(approximateValue(again ?? { number: 0, unit: written }, unit, timing) / value).toBeCloseTo(1, 4);
  });

  test('is none where the unit has no such value', () => {
    expect(literalOf(-0.5, 'ratio', 'decibels', timing)).toBeUndefined();
  });
});

function parseText(written: string | number): Literal | undefined {
  return typeof written === 'number' ? { number: written, unit: 'plain' } : parseLiteral(written);
}
