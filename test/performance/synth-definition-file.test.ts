import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Input, SynthDefinition } from '../bench/peers/scsynth/synth-definition.js';
import { rates } from '../bench/peers/scsynth/synth-definition.js';
import { decodeSynthDefinitions, encodeSynthDefinitions } from '../bench/peers/scsynth/synth-definition-file.js';
import { synthsOf } from '../bench/peers/scsynth/workload-synths.js';
import { notePieceIds, pieceIds } from '../bench/workloads.js';

const name = fc.string({ unit: fc.constantFrom(...'abcXYZ019_'), maxLength: 12 });
const single = fc.float({ noNaN: true }).map((value) => (value === 0 ? 0 : value));
const count = fc.nat(2 ** 31 - 1);
const wire = fc.record({ unit: count, output: count });
const rate = fc.constantFrom(...rates);
const unit = fc.record({
  className: name,
  rate,
  inputs: fc.array(fc.oneof<fc.Arbitrary<Input>[]>(single, wire), { maxLength: 6 }),
  outputs: fc.array(rate, { maxLength: 4 }),
  specialIndex: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
});
const definition: fc.Arbitrary<SynthDefinition> = fc.record({
  name,
  parameters: fc.array(fc.record({ name, value: single }), { maxLength: 4 }),
  units: fc.array(unit, { maxLength: 8 }),
});

test('synth definitions come back from their bytes as they were', () => {
  fc.assert(
    fc.property(fc.array(definition, { maxLength: 3 }), (definitions) => {
      expect(decodeSynthDefinitions(encodeSynthDefinitions(definitions))).toEqual(definitions);
    }),
  );
});

test('the bytes of a synth definition are those that the format describes', () => {
  const output = { className: 'Out', rate: 'audio', inputs: [0, { unit: 0, output: 0 }], outputs: [], specialIndex: 0 };
  const noise = { className: 'WhiteNoise', rate: 'audio', inputs: [], outputs: ['audio'], specialIndex: 0 };
  const bytes = encodeSynthDefinitions([{ name: 'hiss', parameters: [], units: [noise, output] } as SynthDefinition]);
  const expected = [
    '53436766 00000002 0001', // SCgf, version, one definition
    '04 68697373', // hiss
    '00000001 00000000', // one constant: 0
    '00000000 00000000', // no parameters, no names of any
    '00000002', // units
    '0a 57686974654e6f697365 02 00000000 00000001 0000', // WhiteNoise, audio, inputs, outputs, special index
    '02', // the rate of its output
    '03 4f7574 02 00000002 00000000 0000', // Out
    'ffffffff 00000000', // its bus is the first constant
    '00000000 00000000', // its signal is the first output of the first unit
    '0000', // no variants
  ];
  expect(bytes.toString('hex')).toBe(expected.join('').replaceAll(' ', ''));
});

test('bytes that are cut short are refused', () => {
  const bytes = encodeSynthDefinitions([synthsOf('w4', 1).definition]);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), (length) => {
      expect(() => decodeSynthDefinitions(bytes.subarray(0, length))).toThrow(RangeError);
    }),
  );
});

test.each([...pieceIds, ...notePieceIds])('each unit of the synth of %s reads only what runs before it', (piece) => {
  const { units } = synthsOf(piece, 1).definition;
  const misplaced = units.flatMap(({ inputs }, index) =>
    inputs.filter((input) => {
      return typeof input !== 'number' && (input.unit >= index || !(units[input.unit]?.outputs.length ?? 0));
    }),
  );
  expect(misplaced).toEqual([]);
});
