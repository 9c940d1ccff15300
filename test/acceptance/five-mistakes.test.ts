import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { runAmpLive, withTemporaryFile } from './commands.js';

/** Five mistakes of five kinds, each with the words that it is made of, and what would fit. */
const mistakes = [
  { kind: 'a type that does not exist', found: '"swa"', fits: 'did you mean "saw"' },
  { kind: 'a parameter that does not exist', found: '"cutof"', fits: 'did you mean "cutoff"' },
  { kind: 'a unit that does not fit', found: '"440 Hz"', fits: '"5 ms"' },
  { kind: 'a value out of range', found: '7', fits: '0 to 0.99' },
  { kind: 'an edge to nowhere', found: '"lwo"', fits: 'did you mean "low"' },
];

const patch = `{
  "amp": 1,
  "nodes": {
    "keys": { "type": "keys" },
    "saw": { "type": "swa" },
    "low": { "type": "svf", "cutof": 900 },
    "band": { "type": "svf", "resonance": 7 },
    "env": { "type": "adsr", "attack": "440 Hz" },
    "out": { "type": "output" }
  },
  "edges": [
    { "from": "keys.gate", "to": "env.gate" },
    { "from": "saw", "to": "lwo" },
    { "from": "low", "to": "out" }
  ]
}
`;

/** `line:column` of where some words stand in the patch. */
function placeOf(words: string): string {
  const before = patch.slice(0, patch.indexOf(words)).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

describe('A patch with five mistakes', () => {
  let exitCode: number | null;
  /** Without the path. */
  let messages: readonly string[];

  beforeAll(() => {
    withTemporaryFile('five.jsonc', (path) => {
      writeFileSync(path, patch);
      const checked = runAmpLive('check', path);
      exitCode = checked.exitCode;
      const lines = checked.errors.split('\n').filter((line) => line.startsWith(`${path}:`));
      messages = lines.map((line) => line.slice(path.length + 1));
    });
  });

  test('gives five messages', () => {
    expect(messages).toHaveLength(mistakes.length);
  });

  test('ends with exit code 1', () => {
    expect(exitCode).toBe(1);
  });

  test.each(mistakes)('is told of $kind where it stands', ({ found }) => {
    expect(messages).toContainEqual(expect.stringMatching(new RegExp(`^${placeOf(found)}: `)));
  });

  test.each(mistakes)('is told what would fit instead of $kind', ({ found, fits }) => {
    const message = messages.find((each) => each.startsWith(`${placeOf(found)}: `));
    expect(message).toContain(fits);
  });
});

test('a patch without mistakes is said to have none, with exit code 0', () => {
  expect(runAmpLive('check', 'patches/glass_pad.jsonc')).toMatchObject({
    exitCode: 0,
    output: expect.stringContaining('no mistakes'),
  });
});
