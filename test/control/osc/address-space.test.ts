import { describe, expect, test } from 'vitest';
import { describeAddresses } from '../../../src/control/osc/address-space.js';
import type { OscArgument } from '../../../src/control/osc/packet.js';
import { readPatch } from '../../../src/patch/read.js';
import { smallSpace } from './osc-peers.js';

const space = smallSpace();

function meaningOf(address: string, ...list: readonly OscArgument[]) {
  return space.meaningOf({ type: 'message', address, arguments: list });
}

function commandsOf(address: string, ...list: readonly OscArgument[]) {
  const meaning = meaningOf(address, ...list);
  return meaning.type === 'commands' ? meaning.commands : [];
}

function faultOf(address: string, ...list: readonly OscArgument[]): string {
  const meaning = meaningOf(address, ...list);
  return meaning.type === 'fault' ? meaning.explain() : '';
}

const f = (value: number): OscArgument => ({ type: 'f', value });
const i = (value: number): OscArgument => ({ type: 'i', value });

describe('a pattern', () => {
  test('means each address that it matches', () => {
    expect(commandsOf('/*/cutoff', f(440))).toEqual([
      { type: 'set_parameter', node: 'low', parameter: 'cutoff', value: 440 },
      { type: 'set_parameter', node: 'high', parameter: 'cutoff', value: 440 },
    ]);
  });

  test('moves those that take the value, and says which do not', () => {
    expect(meaningOf('//gain', f(3))).toEqual({
      type: 'commands',
      commands: [{ type: 'set_parameter', node: 'high', parameter: 'gain', value: 3 }],
      faults: ['/low/gain takes a number from 0 to 1; found f 3', '/amp/gain takes a number from 0 to 0.99; found f 3'],
    });
  });

  test('reaches neither notes nor what belongs to the server', () => {
    expect(commandsOf('/amp/*').concat(commandsOf('/*', i(1), i(60), f(1)), commandsOf('//*'))).toEqual([]);
  });

  test('means the same each time', () => {
    expect(commandsOf('/*/cutoff', f(440))).toEqual(commandsOf('/*/cutoff', f(440)));
  });

  test('that matches nothing, or is none, is told', () => {
    expect([faultOf('/*/nothing', f(1)), faultOf('/low/[', f(1))]).toEqual([
      'no parameter, gate or control matches /*/nothing',
      '/low/[: "[" is not closed within its part',
    ]);
  });
});

describe('an address', () => {
  test('that the patch binds comes before a parameter of the same name', () => {
    expect(commandsOf('/low/gain', f(0.5))).toEqual([{ type: 'control', address: '/low/gain', value: 0.5 }]);
  });

  test('of a node that is called amp reaches the node', () => {
    expect(commandsOf('/amp/gain', f(0.5))).toEqual([
      { type: 'set_parameter', node: 'amp', parameter: 'gain', value: 0.5 },
    ]);
  });

  test.each(['/amp/reply', '/amp/error', '/amp/status/load'])('of an answer asks for nothing: %s', (address) => {
    expect(meaningOf(address, f(1))).toEqual({ type: 'answer' });
  });
});

describe('a value', () => {
  test('may stand at the end of its range, where float32 rounds beyond it', () => {
    expect(commandsOf('/amp/gain', f(Math.fround(0.99)))).toMatchObject([{ value: Math.fround(0.99) }]);
  });

  test.each([
    [[f(Number.NaN)], 'f NaN'],
    [[f(Number.POSITIVE_INFINITY)], 'f Infinity'],
    [[f(19.9)], 'f 19.9'],
    [[{ type: 'h', value: 2n ** 62n } as const], 'h 4611686018427387904'],
    [[{ type: 's', value: '900' } as const], 's "900"'],
    [[{ type: 'N' } as const], 'N'],
    [[], 'no argument'],
    [[f(900), f(901)], 'f 900, f 901'],
  ])('that does not fit is refused, case %#', (list, found) => {
    expect(faultOf('/low/cutoff', ...list)).toBe(`/low/cutoff takes a number from 20 to 20000; found ${found}`);
  });

  test.each([
    [[i(0), i(60), f(1)]],
    [[i(17), i(60), f(1)]],
    [[i(1), i(128), f(1)]],
    [[i(1), f(60.5), f(1)]],
    [[i(1), i(60), i(100)]],
    [[i(1), i(60)]],
  ])('of a note that does not fit is refused: %j', (list) => {
    expect(faultOf('/note', ...list)).toContain('fit; found');
  });

  test.each([[i(2)], [f(0.5)], [f(Number.NaN)]])('of a gate is 0 or 1: %j is refused', (argument) => {
    expect(faultOf('/gate/drop', argument)).toContain('takes 1 (open) or 0 (closed)');
  });
});

test('a patch offers its parameters, gates and bound addresses', () => {
  const text = `{ "amp": 1, "name": "p", "nodes": { "low": { "type": "svf" }, "out": { "type": "output" } },
    "edges": [{ "id": "wet", "from": "low", "to": "out" }],
    "controls": [{ "from": "osc:/pad/cutoff", "to": "low.cutoff" }, { "from": "midi:cc/1", "to": "wet.gain" }],
    "gates": { "drop": { "members": ["wet"], "controls": ["osc:/drop", "osc:/gate/drop"] } } }`;
  const reading = readPatch(text, 'p.jsonc');
  expect(reading).toMatchObject({ ok: true });
  expect(reading.ok && describeAddresses(reading.patch)).toMatchObject({
    nodes: [{ id: 'low', parameters: [{ name: 'cutoff' }, { name: 'resonance' }] }, { id: 'out' }],
    gates: ['drop'],
    controls: ['/pad/cutoff', '/drop'],
  });
});
