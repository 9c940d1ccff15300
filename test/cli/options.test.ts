import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Options } from '../../src/cli/options.js';
import { readOptions } from '../../src/cli/options.js';

const options = {
  loud: { type: 'flag', short: 'l', help: 'louder' },
  output: { type: 'text', short: 'o', value: 'FILE', help: 'where' },
  count: { type: 'number', value: 'N', minimum: 1, maximum: 64, isWhole: true, help: 'how many' },
  gain: { type: 'number', value: 'G', minimum: -2, maximum: 2, isWhole: false, help: 'how much' },
} as const satisfies Options;

function mistakesIn(...args: readonly string[]): readonly string[] {
  const reading = readOptions(args, options);
  return reading.ok ? [] : reading.mistakes;
}

function valuesOf(...args: readonly string[]): object {
  const reading = readOptions(args, options);
  return reading.ok ? { ...reading.values, positionals: reading.positionals } : reading;
}

const absent = { loud: false, output: undefined, count: undefined, gain: undefined, positionals: [] };

describe('options', () => {
  test.each<[readonly string[], object]>([
    [[], {}],
    [['--loud'], { loud: true }],
    [['-l', 'a', 'b'], { loud: true, positionals: ['a', 'b'] }],
    [['a', '--output', 'x', 'b'], { output: 'x', positionals: ['a', 'b'] }],
    [['-o', 'x'], { output: 'x' }],
    [['-ox'], { output: 'x' }],
    [['--output=-x'], { output: '-x' }],
    [['--count', '64'], { count: 64 }],
    [['--gain', '-.5'], { gain: -0.5 }],
    [['--gain=+1.25'], { gain: 1.25 }],
    [['--', '--loud'], { positionals: ['--loud'] }],
    [['-'], { positionals: ['-'] }],
  ])('are read from %j', (args, expected) => {
    expect(valuesOf(...args)).toEqual({ ...absent, ...expected });
  });

  test.each<[readonly string[], readonly string[]]>([
    [['--lout'], ['there is no option --lout; did you mean "--loud"?']],
    [['-x'], ['there is no option -x']],
    [['--toString'], ['there is no option --toString']],
    [['--__proto__'], ['there is no option --__proto__']],
    [['--loud=yes'], ['--loud takes no value, found "yes"']],
    [['--output'], ['--output needs a value: --output FILE']],
    [['--output='], ['--output needs a value: --output FILE']],
    [['-o', '--loud'], ['-o needs a value: -o FILE']],
    [['--loud', '--loud'], ['--loud is given twice']],
    [['-o', 'a', '--output', 'b'], ['--output is given twice']],
    [['--count', '0'], ['--count: found "0"; a whole number from 1 to 64 fits']],
    [['--count', '65'], ['--count: found "65"; a whole number from 1 to 64 fits']],
    [['--count', '1.5'], ['--count: found "1.5"; a whole number from 1 to 64 fits']],
    [['--count', 'many'], ['--count: found "many"; a whole number from 1 to 64 fits']],
    [['--count', '0x10'], ['--count: found "0x10"; a whole number from 1 to 64 fits']],
    [['--gain', '3'], ['--gain: found "3"; a number from -2 to 2 fits']],
    [['--gain', 'Infinity'], ['--gain: found "Infinity"; a number from -2 to 2 fits']],
    [
      ['--zzz', '--count', '0'],
      ['there is no option --zzz', '--count: found "0"; a whole number from 1 to 64 fits'],
    ],
  ])('are refused, all mistakes at once: %j', (args, expected) => {
    expect(mistakesIn(...args)).toEqual(expected);
  });

  test('are read or refused, whatever is written', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('--loud', '--output', '-o', '--count', '--gain=', '--', '-', '--=', '-lo', '5'),
    );
    fc.assert(
      fc.property(fc.array(word), (args) => {
        const reading = readOptions(args, options);
        expect(reading.ok || reading.mistakes.length > 0).toBe(true);
      }),
    );
  });

  test('give back every number that fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2000, max: 2000 }), (thousandths) => {
        const gain = thousandths / 1000;
        expect(valuesOf('--gain', `${gain}`)).toEqual({ ...absent, gain });
      }),
    );
  });
});

describe('an option that may stand alone', () => {
  const alone = { ipls: { type: 'optional text', value: 'FILE', help: 'print or read' } } as const satisfies Options;
  const read = (...args: readonly string[]) => {
    const reading = readOptions(args, alone, 1);
    return reading.ok ? [reading.values.ipls, reading.positionals] : reading.mistakes;
  };

  test.each<[readonly string[], readonly unknown[]]>([
    [['p'], [false, ['p']]],
    [
      ['p', '--ipls'],
      [true, ['p']],
    ],
    [
      ['--ipls', 'p'],
      [true, ['p']],
    ],
    [
      ['p', '--ipls=s'],
      ['s', ['p']],
    ],
    [
      ['p', '--ipls', 's'],
      ['s', ['p']],
    ],
    [
      ['--ipls', 's', 'p'],
      ['s', ['p']],
    ],
    [
      ['p', 'q', '--ipls'],
      [true, ['p', 'q']],
    ],
  ])('takes the argument behind it only where there is one too many: %j', (args, expected) => {
    expect(read(...args)).toEqual(expected);
  });

  test('needs a value behind "="', () => {
    expect(read('p', '--ipls=')).toEqual(['--ipls needs a value: --ipls=FILE']);
  });
});
