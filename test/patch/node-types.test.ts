import { describe, expect, test } from 'vitest';
import type { NodeType } from '../../src/patch/node-types.js';
import { findNodeType, nodeTypes, parseNodeTypes } from '../../src/patch/node-types.js';

const svf = findNodeType('svf') as NodeType;

function declare(changes: Partial<NodeType>): unknown {
  return { format: 1, types: [{ ...svf, ...changes }] };
}

describe('the declarations of node types', () => {
  test('hold each type of a first instrument', () => {
    const names = nodeTypes.map((type) => type.name);
    expect(names).toEqual(expect.arrayContaining(['saw', 'adsr', 'svf', 'gain', 'mix', 'keys', 'output']));
  });

  test('are taken as the engine writes them', () => {
    expect(parseNodeTypes(declare({}))).toEqual([svf]);
  });

  test.each<[string, unknown, string]>([
    [
      'a parameter is called like a key of every node',
      declare({
        options: [{ name: 'batch', purpose: 'Lanes.', minimum: 0, maximum: 1, powerOfTwo: false, default: 0 }],
      }),
      'would stand twice',
    ],
    [
      'an edge could not tell an input from a parameter',
      declare({ inputs: svf.inputs.map((tap) => ({ ...tap, name: 'cutoff' })) }),
      'both an input and a parameter',
    ],
    ['two taps have one name', declare({ outputs: [...svf.outputs, ...svf.outputs] }), 'two taps are called'],
    [
      'a default lies outside of its range',
      declare({ parameters: svf.parameters.map((each) => ({ ...each, default: 1e9 })) }),
      'outside of the range',
    ],
    ['two types have one name', { format: 1, types: [svf, svf] }, 'two node types have one name'],
    ['the format is another one', { format: 2, types: [svf] }, 'format'],
    ['there is no type at all', { format: 1, types: [] }, 'types'],
  ])('are refused when %s', (_why, json, sentence) => {
    expect(() => parseNodeTypes(json)).toThrow(sentence);
  });
});
