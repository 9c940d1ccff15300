import { describe, expect, test } from 'vitest';
import { messagesOf, mistakesOf, patchText } from './reading.js';
import { sketch } from './sketch.js';

test('five mistakes give five messages, each at its place', () => {
  const text = `{ "amp": 1, "tempoo": 96,
  "nodes": {
    "saw": { "type": "sw" },
    "low": { "type": "svf", "cutoff": "5 ms" },
    "out": { "type": "output" } },
  "edges": [
    { "from": "saw", "to": "lo" },
    { "from": "low.lo", "to": "out" } ] }
`;
  expect(mistakesOf(text)).toEqual([
    'test.jsonc:1:13: a patch knows no "tempoo"; did you mean "tempo"?',
    'test.jsonc:3:22: saw: there is no node type "sw"; did you mean "saw"?',
    'test.jsonc:4:39: "cutoff" of low (svf): "5 ms" is a time; a frequency fits, such as 440, "2 kHz", "C#4" or "1/8"',
    'test.jsonc:7:28: edge saw -> lo: there is no node "lo"; did you mean "low"?',
    'test.jsonc:8:15: edge low.lo -> out: low (svf) has no output "lo"; did you mean "low"?',
  ]);
});

test('a mistake of form does not hide the others', () => {
  const text = sketch.replace('"cutoff": 900, ', '"cutof": 900 ').replace('"to": "vca.gain"', '"to": "vca.gian"');
  expect(mistakesOf(text).map((line) => line.replace(/^.*?: /, ''))).toEqual([
    'low (svf): svf knows no "cutof"; did you mean "cutoff"?',
    'a comma is missing before "\\"resonance\\""',
    'edge env -> vca.gian: vca (gain) has no input or parameter "gian"; did you mean "gain"?',
  ]);
});

describe('the form of the text', () => {
  test.each<[string, string]>([
    ['', '1:1: the file is empty; a patch begins with {'],
    ['// nothing', '1:11: the text ends where a value has to stand'],
    ['[]', '1:1: a patch: found an empty array; an object fits, such as { "amp": 1, "nodes": {}, "edges": [] }'],
    ['{ "amp": 1', '1:11: the text ends before a "{" is closed; "}" is missing'],
    [
      "{ 'amp': 1 }",
      '1:3: "\'amp\'" is neither a number, true, false nor null; names and texts stand in double quotes',
    ],
    ['{ "amp" 1 }', '1:9: a colon is missing before "1"'],
    ['{ "amp": 1,, "nodes": {} }', '1:12: there is a comma too many'],
    ['{ "amp": 1 ]', '1:12: "]" closes what another bracket opened; "}" fits'],
    [
      '{ "amp": 2 } x',
      '1:10: "amp": format 2 is newer than this program, which reads format 1; a newer amp-live reads it',
    ],
    ['{ "amp": 1 /* x', '1:12: this comment has no end; "*/" is missing'],
    ['{ "name": "x\n}', '1:11: this text has no end on its line; a double quote is missing'],
    [`${'['.repeat(100000)}`, '1:65: objects and arrays are nested more than 64 deep; no patch is'],
  ])('%j', (text, mistake) => {
    expect(mistakesOf(text)[0]).toBe(`test.jsonc:${mistake}`);
  });
});

describe('the patch as a whole', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['a version that is no number', { amp: '1' }, '"amp": found "1"; 1 fits'],
    ['a tempo out of range', { tempo: 0 }, '"tempo": found 0; a number from 1 to 1000 fits'],
    [
      'a meter that is none',
      { meter: '4/5' },
      '"meter": found "4/5"; a meter such as "4/4" or "7/8" fits: 1 to 64, over 1, 2, 4, 8, 16, 32 or 64',
    ],
    ['a broken seed', { seed: 0.5 }, '"seed": found 0.5; a whole number from 0 to 9007199254740991 fits'],
    ['an unknown word', { overload: 'she' }, '"overload": found "she"; did you mean "shed"? "none" or "shed" fits'],
    [
      'a ceiling without its unit',
      { limiter: { ceiling: -3 } },
      '"ceiling" of "limiter": -3 is too low; 0.001 to 1 fits; did you mean "-3 dB"?',
    ],
    [
      'temperatures out of order',
      { thermal: { limit: 30 } },
      '"thermal": found ambient 25, warm 55, limit 30; ambient lies below warm, and warm below limit',
    ],
    ['a schedule that is no word', { schedule: 'ipl' }, '"schedule": found "ipl"; did you mean "ipls"?'],
    ['edges that are no array', { edges: {} }, '"edges": found an object; an array [ … ] fits'],
    [
      'gates that are no object',
      { gates: [] },
      '"gates": found an empty array; an object fits, such as { "drop": { "members": ["wet"] } }',
    ],
  ])('%s', (_what, rest, message) => {
    expect(messagesOf(patchText({}, rest))).toEqual([message]);
  });

  test('says so when it has no version', () => {
    expect(messagesOf('{ "nodes": { "out": { "type": "output" } } }')).toEqual([
      '"amp" is missing; the version of the format, 1, fits',
    ]);
  });

  test('of a later format is not judged further', () => {
    expect(messagesOf('{ "amp": 2, "modules": [] }')).toEqual([
      '"amp": format 2 is newer than this program, which reads format 1; a newer amp-live reads it',
    ]);
  });

  test('has to have nodes', () => {
    expect(messagesOf('{ "amp": 1 }')).toEqual(['"nodes" is missing; { "out": { "type": "output" } } fits']);
  });

  test('has to be heard', () => {
    expect(messagesOf('{ "amp": 1, "nodes": { "a": { "type": "sine" } } }')).toEqual([
      'no node is of type "output", so nothing would be heard; one fits: "out": { "type": "output" }',
    ]);
  });

  test('may say each thing once', () => {
    expect(mistakesOf('{ "amp": 1,\n"nodes": { "out": { "type": "output" },\n"out": { "type": "output" } } }')).toEqual(
      ['test.jsonc:3:1: "out" stands here again; it was first written in line 2'],
    );
  });

  test('may not carry keys that programs stumble over', () => {
    expect(
      messagesOf(
        '{ "amp": 1, "__proto__": 1, "nodes": { "out": { "type": "output", "__proto__": { "channels": 3 } } } }',
      ),
    ).toEqual([
      expect.stringContaining('a patch knows no "__proto__"'),
      expect.stringContaining('out (output): output knows no "__proto__"'),
    ]);
  });
});
