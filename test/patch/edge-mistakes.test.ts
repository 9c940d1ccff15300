import { describe, expect, test } from 'vitest';
import { messagesOf, patchText } from './reading.js';

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
    [
      'from the heat of a node that nothing can warm',
      { from: 'saw.thermo.heat', to: 'low.cutoff' },
      'edge saw.thermo.heat -> low.cutoff: saw has no inputs, so nothing warms it; the heat of a node that has inputs fits',
    ],
    [
      'from a heat that is misspelt',
      { from: 'low.thermo.haet', to: 'vca.gain' },
      'edge low.thermo.haet -> vca.gain: low (svf) has no output "thermo.haet"; did you mean "thermo.heat"?',
    ],
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
      'with a slew on an input',
      { from: 'saw', to: 'low', slew: { rate: 3 } },
      '"slew" of edge saw -> low belongs to edges that lead to a parameter; before an input a node of type "slew" fits',
    ],
    [
      'with a slew that is none',
      { from: 'saw', to: 'low.cutoff', slew: { area: -1 } },
      '"area" of "slew" of edge saw -> low.cutoff: found -1; a number above 0 fits',
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
