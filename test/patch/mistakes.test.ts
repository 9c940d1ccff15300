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

describe('a node', () => {
  const frequency = 'a frequency fits, such as 440, "2 kHz", "C#4" or "1/8"';
  test.each<[string, unknown, string]>([
    ['no object', 4, 'a: found 4; an object fits, such as { "type": "sine" }'],
    ['an unknown type', { type: 'sinee' }, 'a: there is no node type "sinee"; did you mean "sine"?'],
    ['an unknown parameter', { type: 'svf', cutof: 3 }, 'a (svf): svf knows no "cutof"; did you mean "cutoff"?'],
    [
      'a parameter of another type',
      { type: 'pan', freq: 3 },
      'a (pan): pan knows no "freq"; it knows type, position, batch, voices_of, slew, thermal and taps',
    ],
    [
      'a lane count where lanes are summed',
      { type: 'mix', batch: 3 },
      'a (mix): mix knows no "batch"; it knows type, thermal and taps',
    ],
    ['a wrong type of value', { type: 'sine', freq: true }, `"freq" of a (sine): found true; ${frequency}`],
    [
      'a number as text',
      { type: 'sine', freq: '440' },
      '"freq" of a (sine): "440" is text; a plain number stands without quotes: 440',
    ],
    [
      'an unknown unit',
      { type: 'adsr', attack: '5 mss' },
      '"attack" of a (adsr): "5 mss" is not a value; did you mean "5 ms"?',
    ],
    [
      'another word for a unit',
      { type: 'adsr', attack: '5 msec' },
      '"attack" of a (adsr): "5 msec" is not a value; did you mean "5 ms"?',
    ],
    [
      'a decimal comma',
      { type: 'adsr', attack: '0,5 s' },
      '"attack" of a (adsr): "0,5 s" is not a value; did you mean "0.5 s"?',
    ],
    [
      'a note in small letters',
      { type: 'sine', freq: 'c#4' },
      '"freq" of a (sine): "c#4" is not a value; did you mean "C#4"?',
    ],
    [
      'a unit that does not fit',
      { type: 'gain', gain: '5 ms' },
      '"gain" of a (gain): "5 ms" is a time; a ratio fits, such as 0.5, "-6 dB" or "50 %"',
    ],
    [
      'a value that is too high',
      { type: 'sine', freq: '30 kHz' },
      '"freq" of a (sine): "30 kHz" is too high; 0 to 22000 Hz fits',
    ],
    [
      'too many decibels',
      { type: 'gain', gain: '30 dB' },
      '"gain" of a (gain): "30 dB" is too high; at most "24.1 dB" fits',
    ],
    [
      'decibels without their unit',
      { type: 'adsr', sustain: -6 },
      '"sustain" of a (adsr): -6 is too low; 0 to 1 fits; did you mean "-6 dB"?',
    ],
    [
      'a note length that is too long',
      { type: 'adsr', attack: '100 bars' },
      '"attack" of a (adsr): "100 bars" is too high; 0 to 60 s fits',
    ],
    [
      'no values',
      { type: 'sine', freq: [] },
      '"freq" of a (sine): found 0 values; one value or an array of up to 65536 fits',
    ],
    [
      'one bad value of many',
      { type: 'sine', freq: [1, '2 s', 3] },
      `"freq" of a (sine): "2 s" is a time; ${frequency}`,
    ],
    [
      'lists of unlike lengths',
      { type: 'sine', freq: [1, 2], phase: [0, 0, 0] },
      '"phase" of a (sine) has 3 values, but "freq" has 2; 1 or 2 fit',
    ],
    [
      'a list that does not fit the batch',
      { type: 'sine', batch: 4, freq: [1, 2] },
      '"freq" of a (sine) has 2 values, but "batch" is 4; 1 or 4 fit',
    ],
    [
      'an unknown choice',
      { type: 'lfo', shape: 'sin' },
      '"shape" of a (lfo): found "sin"; did you mean "sine"? "sine", "triangle", "square" or "saw" fits',
    ],
    [
      'an option out of range',
      { type: 'keys', voices: 0 },
      '"voices" of a (keys): found 0; a whole number from 1 to 1024 fits',
    ],
    [
      'voices of nobody',
      { type: 'lfo', voices_of: 'key' },
      '"voices_of" of a (lfo): there is no node "key"; the patch has no keys node',
    ],
    [
      'voices of a node that has none',
      { type: 'lfo', voices_of: 'out' },
      '"voices_of" of a (lfo): "out" is of type output, which makes no voices; the patch has no keys node',
    ],
    [
      'a slew that is none',
      { type: 'svf', slew: { cutoff: 3 } },
      '"cutoff" of "slew" of a (svf): found 3; "ideal" or limits such as { "rate": 20000 } fit',
    ],
    [
      'a slew that stands still',
      { type: 'svf', slew: { cutoff: { rate: 0 } } },
      '"rate" of "cutoff" of "slew" of a (svf): found 0; a number above 0 fits',
    ],
    [
      'terms for an unknown tap',
      { type: 'svf', taps: { hgih: {} } },
      '"taps" of a (svf): svf knows no "hgih"; did you mean "high"?',
    ],
    [
      'terms that an output does not have',
      { type: 'svf', taps: { low: { asks: 3 } } },
      '"low" of "taps" of a (svf): an output knows no "asks"; it knows max_frames and overflow',
    ],
    [
      'half a frame',
      { type: 'svf', taps: { in: { asks: 0.5 } } },
      '"asks" of "in" of "taps" of a (svf): 0.5 is not a whole number of frames; a number of frames or a time fits, such as 480, "10 ms" or "3/16"',
    ],
  ])('with %s', (_what, node, message) => {
    expect(messagesOf(patchText({ a: node }))).toEqual([message]);
  });

  test('without a type hears which there are', () => {
    expect(messagesOf(patchText({ a: {} }))[0]).toMatch(/^"type" of a is missing; the types are .*saw.* and triangle$/);
  });

  test.each<[string, string]>([
    ['Low', '"Low" is not a name; lower-case letters, digits and _ fit, a letter first, such as "low"'],
    ['2nd', '"2nd" is not a name; lower-case letters, digits and _ fit, a letter first, such as "n2nd"'],
    ['low pass', '"low pass" is not a name; lower-case letters, digits and _ fit, a letter first, such as "low_pass"'],
    ['a'.repeat(64), 'the name is too long; 63 characters fit'],
  ])('may not be called %j', (id, message) => {
    expect(messagesOf(patchText({ [id]: { type: 'sine' } }))).toEqual([message]);
  });
});

describe('an edge', () => {
  const nodes = { keys: { type: 'keys' }, saw: { type: 'saw' }, low: { type: 'svf' }, vca: { type: 'gain' } };
  test.each<[string, unknown, string]>([
    ['that is no object', 'x', 'edge 1: found "x"; an object fits, such as { "from": "saw", "to": "low" }'],
    ['without a beginning', { to: 'low' }, '"from" of edge 1 is missing; "saw" or "low.band" fits'],
    [
      'from an unknown node',
      { from: 'swa', to: 'low' },
      'edge swa -> low: there is no node "swa"; did you mean "saw"?',
    ],
    [
      'from an unknown tap',
      { from: 'low.hgih', to: 'vca' },
      'edge low.hgih -> vca: low (svf) has no output "hgih"; did you mean "high"?',
    ],
    [
      'from an input',
      { from: 'low.in', to: 'vca' },
      'edge low.in -> vca: "in" is an input of low (svf) and cannot be read; its outputs are low, high and band',
    ],
    ['from an output node', { from: 'out', to: 'vca' }, 'edge out -> vca: out (output) has no output to read from'],
    ['to an unknown node', { from: 'saw', to: 'lwo' }, 'edge saw -> lwo: there is no node "lwo"; did you mean "low"?'],
    [
      'to an unknown tap',
      { from: 'saw', to: 'low.cutof' },
      'edge saw -> low.cutof: low (svf) has no input or parameter "cutof"; did you mean "cutoff"?',
    ],
    [
      'to an output',
      { from: 'saw', to: 'low.band' },
      'edge saw -> low.band: "band" is an output of low (svf); an edge leads to an input or a parameter, and it has in, cutoff and resonance',
    ],
    [
      'to an option',
      { from: 'saw', to: 'keys.voices' },
      'edge saw -> keys.voices: "voices" is an option of keys and cannot be moved while it plays; it has neither',
    ],
    [
      'to a node without inputs',
      { from: 'low', to: 'saw' },
      'edge low -> saw: saw has no input; its parameters are "saw.freq" and "saw.phase"',
    ],
    [
      'with an unknown key',
      { from: 'saw', to: 'low', dealy: 3 },
      'edge saw -> low: an edge knows no "dealy"; did you mean "delay"?',
    ],
    [
      'with a delay into the future',
      { from: 'saw', to: 'low', delay: '-5 ms' },
      '"delay" of edge saw -> low: "-5 ms" is too low; 0 to 172800000 frames, an hour at 48 kHz, fits',
    ],
    [
      'with half a frame of delay',
      { from: 'saw', to: 'low', delay: 0.5 },
      '"delay" of edge saw -> low: 0.5 is not a whole number of frames; a number of frames or a time fits, such as 480, "10 ms" or "3/16"',
    ],
    [
      'with a frequency as delay',
      { from: 'saw', to: 'low', delay: '3 Hz' },
      '"delay" of edge saw -> low: "3 Hz" is a frequency; a number of frames or a time fits, such as 480, "10 ms" or "3/16"',
    ],
    [
      'with a depth on an input',
      { from: 'saw', to: 'low', depth: 3 },
      '"depth" of edge saw -> low belongs to edges that lead to a parameter; for an input "gain" fits',
    ],
    [
      'with a gain on a parameter',
      { from: 'saw', to: 'low.cutoff', gain: 3 },
      '"gain" of edge saw -> low.cutoff belongs to edges that lead to an input; for a parameter "depth" fits',
    ],
    [
      'with a depth of another unit',
      { from: 'saw', to: 'low.cutoff', depth: '5 ms' },
      '"depth" of edge saw -> low.cutoff: "5 ms" is a time; a frequency fits, such as 440, "2 kHz", "C#4" or "1/8"',
    ],
    [
      'with octaves in hertz',
      { from: 'saw', to: 'low.cutoff', in: 'octaves', depth: '5 Hz' },
      '"depth" of edge saw -> low.cutoff: "5 Hz" is a frequency; a number of octaves fits, such as 0.5',
    ],
    [
      'with octaves to be added',
      { from: 'saw', to: 'low.cutoff', in: 'octaves', mode: 'add' },
      '"mode" of edge saw -> low.cutoff: "in": "octaves" scales the parameter; "scale" fits, or no mode',
    ],
    [
      'with the id of a node',
      { from: 'saw', to: 'low', id: 'vca' },
      '"id" of edge saw -> low: "vca" is already the name of a node, in line 1; another name fits',
    ],
  ])('%s', (_what, edge, message) => {
    expect(messagesOf(patchText(nodes, { edges: [edge] }))).toEqual([message]);
  });

  test('may not run twice between the same ends without an id', () => {
    const edges = [
      { from: 'saw', to: 'low' },
      { from: 'saw.out', to: 'low.in' },
    ];
    expect(messagesOf(patchText(nodes, { edges }))).toEqual([
      'edge saw.out -> low.in: this edge is already there, in line 1; a second one needs an "id" of its own',
    ]);
  });

  test('may not share its id', () => {
    const edges = [
      { from: 'saw', to: 'low', id: 'wet' },
      { from: 'low', to: 'vca', id: 'wet' },
    ];
    expect(messagesOf(patchText(nodes, { edges }))).toEqual([
      '"id" of edge low -> vca: "wet" is already the name of an edge, in line 1; another name fits',
    ]);
  });

  test('is judged although its node is not', () => {
    const edges = [{ from: 'bad', to: 'low', delay: -1 }];
    expect(messagesOf(patchText({ ...nodes, bad: { type: 'sw' } }, { edges }))).toHaveLength(2);
  });
});

describe('a control', () => {
  const nodes = { low: { type: 'svf' } };
  const edges = [{ id: 'wet', from: 'low', to: 'out' }];
  test.each<[string, unknown, string]>([
    ['from nowhere', { to: 'low.cutoff' }, '"from" of control 1 is missing; "midi:cc/74" or "osc:/pad/cutoff" fits'],
    [
      'from an unknown source',
      { from: 'mdi:cc/1', to: 'low.cutoff' },
      '"from" of control 1: "mdi:cc/1" is not a source; did you mean "midi"? a source fits, such as "midi:cc/74", "midi:note/36", "midi:bend", "osc:/pad/cutoff" or "key:g"',
    ],
    [
      'from a controller that there is not',
      { from: 'midi:cc/128', to: 'low.cutoff' },
      '"from" of control 1: "128" is not a number from 0 to 127, as in "midi:cc/74"',
    ],
    [
      'from an OSC pattern',
      { from: 'osc:/pad/*', to: 'low.cutoff' },
      '"from" of control 1: "/pad/*" is not an OSC address; one begins with "/" and holds no space and none of # * , ? [ ] { }, as in "osc:/pad/cutoff"',
    ],
    [
      'from an unknown key',
      { from: 'key:spce', to: 'low.cutoff' },
      '"from" of control 1: "spce" is not a key; did you mean "space"?',
    ],
    [
      'to an unknown node',
      { from: 'key:g', to: 'lwo.cutoff' },
      '"to" of control 1: there is no node and no edge id "lwo"; did you mean "low"?',
    ],
    [
      'to an input',
      { from: 'key:g', to: 'low' },
      '"to" of control 1: "low" is an input; a parameter fits: "low.cutoff", "low.resonance"',
    ],
    [
      'to the depth of an edge that has a gain',
      { from: 'key:g', to: 'wet.depth' },
      '"to" of control 1: the edge "wet" has no "depth" to move; "wet.gain" fits',
    ],
    [
      'over one value',
      { from: 'key:g', to: 'low.cutoff', range: [80] },
      '"range" of control 1: found an array; an array of two values fits, such as [80, 8000]',
    ],
    [
      'beyond the range of its parameter',
      { from: 'key:g', to: 'low.cutoff', range: [80, 80000] },
      '"range" of control 1: 80000 is too high; 10 to 20000 Hz fits',
    ],
    [
      'in another unit',
      { from: 'key:g', to: 'low.cutoff', range: ['80 Hz', '3 s'] },
      '"range" of control 1: "3 s" is a time; a frequency fits, such as 440, "2 kHz", "C#4" or "1/8"',
    ],
    [
      'exponentially through 0',
      { from: 'key:g', to: 'wet.gain', curve: 'exp' },
      '"curve" of control 1: an exponential curve needs a range whose ends both lie above 0; "linear" fits, or such a "range"',
    ],
  ])('%s', (_what, control, message) => {
    expect(messagesOf(patchText(nodes, { edges, controls: [control] }))).toEqual([message]);
  });
});

describe('a gate', () => {
  const nodes = { low: { type: 'svf' } };
  const edges = [{ id: 'wet', from: 'low', to: 'out' }];
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['without members', { drop: {} }, '"members" of gate drop is missing; an array of edge ids such as ["wet"] fits'],
    [
      'with none',
      { drop: { members: [] } },
      '"members" of gate drop: a gate without members does nothing; ids of edges fit, such as ["wet"]',
    ],
    [
      'with an unknown edge',
      { drop: { members: ['wte'] } },
      'gate drop: no edge has the id "wte"; did you mean "wet"?',
    ],
    [
      'with an edge twice',
      { drop: { members: ['wet', 'wet'] } },
      'gate drop: "wet" is listed twice; an edge belongs to one gate',
    ],
    [
      'with the edge of another',
      { drop: { members: ['wet'] }, rise: { members: ['wet'] } },
      'gate rise: "wet" is already a member of gate drop; an edge belongs to one gate',
    ],
    [
      'on a grid of milliseconds',
      { drop: { members: ['wet'], quantize: '5 ms' } },
      '"quantize" of gate drop: found "5 ms"; "now", "1/4" or "1 bar" fits',
    ],
    [
      'on a grid without width',
      { drop: { members: ['wet'], quantize: '0/4' } },
      '"quantize" of gate drop: found "0/1"; "now", "1/4" or "1 bar" fits',
    ],
    [
      'moved by what is no text',
      { drop: { members: ['wet'], controls: [3] } },
      '"controls" of gate drop: found 3; text such as "midi:cc/74" fits',
    ],
  ])('%s', (_what, gates, message) => {
    expect(messagesOf(patchText(nodes, { edges, gates }))).toEqual([message]);
  });
});

describe('a schedule', () => {
  const cohorts = (nodes: readonly string[], type = 'sine') => ({
    stages: [
      {
        cohorts: [
          { type, nodes },
          { type: 'output', nodes: ['out'] },
        ],
      },
    ],
  });
  test.each<[string, unknown, string]>([
    ['without stages', {}, '"stages" of "schedule" is missing; an array of stages fits'],
    ['that forgets nodes', cohorts(['b']), '"stages": a stands in no stage; every node has to stand in one'],
    [
      'that runs a node twice',
      cohorts(['a', 'b', 'a']),
      '"nodes" of cohort 1 of stage 1: "a" already stands in a cohort, in line 1; a node stands in one',
    ],
    [
      'that mixes types',
      cohorts(['a', 'b'], 'saw'),
      '"nodes" of cohort 1 of stage 1: "a" is of type sine; nodes of type saw fit',
    ],
  ])('%s', (_what, schedule, message) => {
    expect(messagesOf(patchText({ a: { type: 'sine' }, b: { type: 'sine' } }, { schedule }))[0]).toBe(message);
  });
});
