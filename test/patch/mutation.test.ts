import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/patch/diagnostic.js';
import { nodeTypes } from '../../src/patch/node-types.js';
import { readPatch } from '../../src/patch/read.js';
import { patchSchema } from '../../src/patch/schema.js';
import { sketch } from './sketch.js';

const pieces = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"low"',
    '"to"',
    '-1',
    '1e999',
    'null',
    '/*',
    '//',
    '\n',
    '\\',
    '[[[[',
    '"__proto__"',
    '😀',
  ),
  fc.string({ maxLength: 6 }),
);

/** The sketch with some pieces cut out and others put in. */
const mutants = fc
  .array(fc.tuple(fc.nat({ max: sketch.length }), fc.nat({ max: 30 }), pieces), { minLength: 1, maxLength: 6 })
  .map((cuts) =>
    cuts.reduce((text, [offset, length, piece]) => text.slice(0, offset) + piece + text.slice(offset + length), sketch),
  );

/** Any JSON value put in the place of one that fits. */
const misfits = fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 })).map(([place, value]) => {
  const values = [...sketch.matchAll(/(?<=: )("[^"]*"|[\d.]+|\{|\[)/g)];
  const found = values[place % values.length];
  const isOpening = found?.[0] === '{' || found?.[0] === '[';
  const offset = found?.index ?? 0;
  return (
    sketch.slice(0, offset) +
    (isOpening ? `${JSON.stringify(value)}, "x": ` : JSON.stringify(value)) +
    sketch.slice(offset + (isOpening ? 0 : (found?.[0].length ?? 0)))
  );
});

describe.each([
  ['a mutated text', mutants],
  ['a value in the wrong place', misfits],
  ['any text', fc.string({ maxLength: 200 })],
])('%s', (_what, texts) => {
  test('is read or refused with at least one message, each of which lies inside of the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const reading = readPatch(text, 'f');
        const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
        const diagnostics = reading.ok ? [] : reading.diagnostics;
        expect(reading.ok || diagnostics.length > 0).toBe(true);
        for (const { line, column } of diagnostics) {
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('is told on one line, in words of ours', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const reading = readPatch(text, 'f');
        for (const line of reading.ok ? [] : reading.diagnostics.map(formatDiagnostic)) {
          expect(line).not.toMatch(/[\n\r]|Invalid (input|option|string)|undefined|\[object|Expected/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('what the reader takes, the schema as a whole takes', () => {
  const numbers = fc.oneof(
    fc.integer({ min: -1, max: 3 }),
    fc.constantFrom('5 ms', '440 Hz', '-6 dB', '1/4', '2 bars', 'C4', '50 %'),
  );
  const nodes = fc.array(fc.tuple(fc.constantFrom(...nodeTypes), numbers), { minLength: 1, maxLength: 4 });
  let taken = 0;
  fc.assert(
    fc.property(nodes, (chosen) => {
      const entries = chosen.map(([type, value], index) => [
        `n${index}`,
        { type: type.name, ...Object.fromEntries(type.parameters.slice(0, 1).map(({ name }) => [name, value])) },
      ]);
      const json = { amp: 1, nodes: { ...Object.fromEntries(entries), out: { type: 'output' } } };
      if (readPatch(JSON.stringify(json), 'f').ok) {
        taken++;
        expect(patchSchema.safeParse(json).error).toBeUndefined();
      }
    }),
  );
  expect(taken).toBeGreaterThan(10);
  expect(patchSchema.safeParse(parse(sketch)).error).toBeUndefined();
});
