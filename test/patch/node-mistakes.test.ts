import { describe, expect, test } from 'vitest';
import { messagesOf, patchText } from './reading.js';

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
      '"freq" of a (sine): found 0 values; one value or an array of up to 4096 fits',
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
