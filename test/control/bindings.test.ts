import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bindings } from '../../src/control/bindings.js';
import type { MidiMessage } from '../../src/control/midi-message.js';
import { patchOf, patchText } from '../patch/reading.js';

const nodes = {
  tone: { type: 'sine', freq: 440 },
  low: { type: 'svf', cutoff: 900, slew: { resonance: { rate: 3 } } },
  level: { type: 'gain', gain: 0 },
};
const edges = [
  { from: 'tone', to: 'low' },
  { from: 'low', to: 'level' },
  { id: 'wet', from: 'level', to: 'out' },
  { id: 'vibrato', from: 'level', to: 'tone.freq', depth: 3, delay: '1 ms' },
];

function bindingsOf(controls: readonly unknown[]): Bindings {
  const gates = {
    drop: { members: ['wet'], controls: ['midi:note/36', 'osc:/gate/drop', 'key:d', 'midi:cc/20'] },
    rise: { members: ['vibrato'], controls: ['midi:bend', 'midi:pressure', 'midi:cc/20'] },
  };
  return new Bindings(patchOf(patchText(nodes, { edges, controls, gates })), { sampleRate: 48_000 });
}

/** The events of the first control that listens to controller 74. */
function eventsOf(control: Readonly<Record<string, unknown>>, message: MidiMessage = [0xb0, 74, 127]) {
  const bound = bindingsOf([{ from: 'midi:cc/74', ...control }]).midi(message);
  return bound?.events;
}

function valueAt(control: Readonly<Record<string, unknown>>, position: number): number {
  const bound = bindingsOf([{ from: 'osc:/x', ...control }]).osc('/x', position);
  const event = bound?.events[0];
  if (event?.type !== 'set_parameter' && event?.type !== 'set_edge_gain') {
    throw new Error('nothing moved');
  }
  return event.value;
}

describe('a control', () => {
  test.each([
    ['linear', [80, 8000], 0, 80],
    ['linear', [80, 8000], 0.5, 4040],
    ['linear', [80, 8000], 1, 8000],
    ['exp', [80, 8000], 0, 80],
    ['exp', [80, 8000], 0.5, 800],
    ['exp', [80, 8000], 1, 8000],
    ['linear', [8000, 80], 0.25, 6020],
    ['linear', ['100 Hz', '1 kHz'], 1, 1000],
    ['linear', ['A4', 'A5'], 0, 440],
  ])('on a %s curve over %j stands at %s of its travel at %s', (curve, range, position, value) => {
    expect(valueAt({ to: 'low.cutoff', range, curve }, position)).toBeCloseTo(value, 9);
  });

  test('reaches both ends of its range exactly, and stays between them', () => {
    const end = fc.double({ min: 0.001, max: 20_000, noNaN: true });
    const position = fc.double({ min: -2, max: 3, noNaN: true });
    fc.assert(
      fc.property(end, end, position, fc.constantFrom('linear', 'exp'), (a, b, at, curve) => {
        const control = { to: 'wet.gain', range: [a, b], curve };
        expect([valueAt(control, 0), valueAt(control, 1)]).toEqual([a, b]);
        const value = valueAt(control, at);
        const tolerance = 1e-9 * Math.max(a, b);
        expect(value).toBeGreaterThanOrEqual(Math.min(a, b) - tolerance);
        expect(value).toBeLessThanOrEqual(Math.max(a, b) + tolerance);
      }),
    );
  });

  test('without a range has that of its parameter', () => {
    expect([valueAt({ to: 'low.resonance' }, 0), valueAt({ to: 'low.resonance' }, 1)]).toEqual([0, 0.99]);
  });

  test('sets a gain in decibels as a factor', () => {
    expect(valueAt({ to: 'wet.gain', range: ['-20 dB', '0 dB'] }, 0)).toBeCloseTo(0.1, 9);
  });

  test('sets the depth of an edge to a parameter in the unit of the parameter', () => {
    expect(valueAt({ to: 'vibrato.depth', range: ['1 kHz', '2 kHz'] }, 0)).toBe(1000);
  });

  test('names an edge by its place in the plan', () => {
    expect(eventsOf({ to: 'wet.gain', slew: 'ideal' })).toEqual([{ type: 'set_edge_gain', edge: 2, value: 1 }]);
  });

  test('glides over its whole range in 20 ms if nobody says otherwise', () => {
    expect(eventsOf({ to: 'low.cutoff', range: [100, 1100] })).toEqual([
      expect.objectContaining({ type: 'set_parameter', node: 1, value: 1100, rate: 50_000 }),
    ]);
  });

  test('moves as its own slew says', () => {
    const [event] =
      eventsOf({ to: 'low.cutoff', range: [100, 1100], slew: { rate: 7, acceleration: 9, area: 2 } }) ?? [];
    expect(event).toMatchObject({ rate: 7, acceleration: 9, area: 2 });
  });

  test.each([
    ['with an ideal slew', { to: 'low.cutoff', slew: 'ideal' }],
    ["with a slew of the parameter's, which the engine knows", { to: 'low.resonance' }],
  ])('gives no limits of its own %s', (_, control) => {
    expect(Object.keys(eventsOf(control)?.[0] ?? {})).not.toContain('rate');
  });

  test('leaves it to the engine to wait for what is on its way to the same node', () => {
    const bound = bindingsOf([{ from: 'osc:/x', to: 'low.cutoff' }]).osc('/x', 1);
    expect(bound?.events[0]).not.toHaveProperty('actsAtOnce');
  });

  test.each(['low.cutoff', 'vibrato.depth'])('that is not aligned tells the engine not to wait for %s', (to) => {
    const bound = bindingsOf([{ from: 'osc:/x', to, align: false, range: [20, 100] }]).osc('/x', 1);
    expect(bound?.events[0]).toMatchObject({ actsAtOnce: true });
  });
});

describe('a source', () => {
  const level = { to: 'level.gain', range: [0, 1], curve: 'linear', slew: 'ideal' };
  const positionOf = (from: string, message: MidiMessage) => {
    const event = bindingsOf([{ from, ...level }]).midi(message)?.events[0];
    return event?.type === 'set_parameter' ? event.value : undefined;
  };

  test.each<[string, MidiMessage, number]>([
    ['midi:cc/1', [0xb0, 1, 0], 0],
    ['midi:cc/1', [0xb5, 1, 127], 1],
    ['midi:note/36', [0x90, 36, 127], 1],
    ['midi:note/36', [0x90, 36, 0], 0],
    ['midi:note/36', [0x80, 36, 64], 0],
    ['midi:bend', [0xe0, 0, 0], 0],
    ['midi:bend', [0xe0, 0, 64], 0.5],
    ['midi:bend', [0xe3, 127, 127], 1],
    ['midi:pressure', [0xd0, 127, 0], 1],
  ])('%s stands after %j at %s', (from, message, position) => {
    expect(positionOf(from, message)).toBe(position);
  });

  test.each<[string, MidiMessage]>([
    ['midi:cc/1', [0xb0, 2, 5]],
    ['midi:note/36', [0x90, 37, 5]],
    ['midi:bend', [0xd0, 1, 0]],
    ['midi:pressure', [0xa0, 36, 5]],
    ['midi:cc/1', [0xc0, 1, 0]],
    ['midi:cc/1', [0xf8, 0, 0]],
  ])('%s does not listen to %j', (from, message) => {
    expect(positionOf(from, message)).toBeUndefined();
  });

  test('may move several targets', () => {
    const bound = bindingsOf([
      { from: 'midi:cc/1', to: 'low.cutoff' },
      { from: 'midi:cc/1', to: 'wet.gain' },
    ]).midi([0xb0, 1, 64]);
    expect(bound?.events.map((event) => event.type)).toEqual(['set_parameter', 'set_edge_gain']);
  });

  test('that is a key goes from end to end, the far one first', () => {
    const bindings = bindingsOf([{ from: 'key:g', ...level }]);
    const values = [1, 2, 3].map(() => bindings.key('g')?.events[0]);
    expect(values).toMatchObject([{ value: 1 }, { value: 0 }, { value: 1 }]);
  });

  test('of OSC is listed once', () => {
    const controls = [
      { from: 'osc:/x', to: 'low.cutoff' },
      { from: 'osc:/x', to: 'wet.gain' },
    ];
    expect(bindingsOf(controls).oscAddresses).toEqual(['/x', '/gate/drop']);
  });
});

describe('a gate', () => {
  const drop = (change: string) => ({ type: 'set_gate', gate: 0, change });
  const rise = (change: string) => ({ type: 'set_gate', gate: 1, change });

  test('is toggled by each note on, however soft, and not by its release', () => {
    const bindings = bindingsOf([]);
    const messages: readonly MidiMessage[] = [
      [0x90, 36, 1],
      [0x80, 36, 0],
      [0x90, 36, 127],
      [0x90, 36, 0],
    ];
    expect(messages.map((message) => bindings.midi(message)?.events)).toEqual([
      [drop('toggle')],
      [],
      [drop('toggle')],
      [],
    ]);
  });

  test('is toggled by each press of a key', () => {
    const bindings = bindingsOf([]);
    expect([1, 2].map(() => bindings.key('d')?.events)).toEqual([[drop('toggle')], [drop('toggle')]]);
  });

  test('is open from half of the travel of OSC on, and told only when that changes', () => {
    const bindings = bindingsOf([]);
    const events = [0.49, 0, 0.5, 1, 0.2].map((position) => bindings.osc('/gate/drop', position)?.events);
    expect(events).toEqual([[drop('close')], [], [drop('open')], [], [drop('close')]]);
  });

  test('follows controllers, the wheel and pressure in the same way', () => {
    const bindings = bindingsOf([]);
    const messages: readonly MidiMessage[] = [
      [0xb0, 20, 64],
      [0xb0, 20, 100],
      [0xb0, 20, 63],
      [0xe0, 127, 63],
      [0xe0, 0, 64],
      [0xd0, 63, 0],
      [0xd0, 64, 0],
    ];
    expect(messages.map((message) => bindings.midi(message)?.events)).toEqual([
      [drop('open'), rise('open')],
      [],
      [drop('close'), rise('close')],
      [rise('close')],
      [rise('open')],
      [rise('close')],
      [rise('open')],
    ]);
  });
});
