import { describe, expect, test } from 'vitest';
import type { NodeType } from '../../src/patch/node-types.js';
import { nodeTypes } from '../../src/patch/node-types.js';
import { messagesOf, patchOf, patchText } from './reading.js';
import { sketch } from './sketch.js';

describe('a patch', () => {
  const patch = patchOf(sketch);

  test('says how it is called and counted', () => {
    expect(patch).toMatchObject({ name: 'Glass pad', tempo: 96, meter: { numerator: 4, denominator: 4 }, seed: 0 });
  });

  test('keeps its nodes in the order of the file', () => {
    expect(patch.nodes.map((node) => node.id)).toEqual(['keys', 'saw', 'env', 'low', 'vca', 'echo', 'out']);
  });

  test('gives parameters as they were written', () => {
    expect(patch.nodes[2]?.parameters.get('attack')?.values).toEqual([{ number: 5, unit: 'milliseconds' }]);
  });

  test('leaves parameters out that it does not set', () => {
    expect([...(patch.nodes[2]?.parameters.keys() ?? [])]).toEqual(['attack', 'release']);
  });

  test('gives every option of a type, its own or the default', () => {
    expect([...(patch.nodes[0]?.options ?? [])]).toEqual([
      ['voices', 16],
      ['channel', 1],
    ]);
    expect(patch.nodes[6]?.options.get('channels')).toBe(2);
  });

  test('connects the first output to the first input where an edge names no tap', () => {
    expect(patch.edges[2]).toMatchObject({ fromNode: 1, fromOutput: 0, toNode: 3, toKind: 'input', toIndex: 0 });
  });

  test('connects to a parameter by its name', () => {
    expect(patch.edges[4]).toMatchObject({
      fromNode: 2,
      toNode: 4,
      toKind: 'parameter',
      toIndex: 0,
      mode: 'add',
      in: 'linear',
    });
  });

  test('carries delay and gain of an edge', () => {
    expect(patch.edges[6]).toMatchObject({
      delay: { number: 0.1875, unit: 'whole_notes' },
      amount: { number: 0.5, unit: 'plain' },
    });
  });

  test('binds controls to parameters', () => {
    expect(patch.controls[0]).toMatchObject({
      from: { type: 'midi_controller', controller: 74 },
      to: { type: 'parameter', node: 3, parameter: 0 },
      range: [
        { number: 80, unit: 'plain' },
        { number: 8000, unit: 'plain' },
      ],
      curve: 'exponential',
      slew: { type: 'limited', rate: 20000 },
      align: true,
    });
  });

  test('gathers edges into gates', () => {
    expect(patch.gates).toMatchObject([
      {
        id: 'drop',
        members: [7],
        whileClosed: 'hold',
        release: 'resume',
        open: true,
        quantize: { number: 1, unit: 'bars' },
        controls: [
          { type: 'midi_note', note: 36 },
          { type: 'osc', address: '/gate/drop' },
          { type: 'key', key: 'g' },
        ],
      },
    ]);
  });

  test('finds the signals of gates', () => {
    const nodes = { low: { type: 'svf' }, wobble: { type: 'lfo' } };
    const edges = [{ id: 'wet', from: 'low', to: 'out' }];
    const controls = ['signal:low.band', 'key:g', 'signal:wobble'];
    const { gates } = patchOf(patchText(nodes, { edges, gates: { drop: { members: ['wet'], controls } } }));
    expect(gates).toMatchObject([
      {
        controls: [{ type: 'key', key: 'g' }],
        signals: [
          { node: 0, output: 2 },
          { node: 1, output: 0 },
        ],
      },
    ]);
  });

  test('carries what the engine needs besides the graph', () => {
    expect(patch).toMatchObject({
      thermal: { ambient: 25, warm: 55, limit: 80, onLimit: 'report' },
      schedule: { type: 'ipls' },
      ceiling: { number: -0.3, unit: 'decibels' },
      overload: 'none',
    });
  });

  test('points at the places of what it says', () => {
    const { text } = patch.source;
    const placeOf = (span: { offset: number; length: number } | undefined) =>
      span === undefined ? '' : text.slice(span.offset, span.offset + span.length);
    expect([
      placeOf(patch.nodes[3]?.span),
      placeOf(patch.nodes[3]?.parameters.get('cutoff')?.span),
      placeOf(patch.edges[0]?.fromSpan),
      placeOf(patch.edges[0]?.toSpan),
      placeOf(patch.edges[6]?.delaySpan),
      placeOf(patch.gates[0]?.span),
    ]).toEqual(['"low"', '900', '"keys.freq"', '"saw.freq"', '"3/16"', '"drop"']);
  });
});

describe('a node', () => {
  const nodeOf = (node: unknown, others: Readonly<Record<string, unknown>> = {}) =>
    patchOf(patchText({ ...others, node })).nodes.find((each) => each.id === 'node');

  test('may have a value for each lane', () => {
    const node = nodeOf({ type: 'sine', freq: [440, '2 kHz', 'C#4'] });
    expect(node?.parameters.get('freq')?.values.map((value) => value.unit)).toEqual(['plain', 'kilohertz', 'note']);
  });

  test('gives a choice by its index', () => {
    expect(nodeOf({ type: 'biquad', mode: 'notch' })?.options.get('mode')).toBe(3);
  });

  test('may join the voices of keys', () => {
    expect(nodeOf({ type: 'lfo', voices_of: 'keys' }, { keys: { type: 'keys' } })?.voicesOf?.value).toBe(0);
  });

  test('may ask for lanes', () => {
    expect(nodeOf({ type: 'noise', batch: 4 })?.batch?.value).toBe(4);
  });

  test('takes heat from its type where it says nothing', () => {
    const { thermal } = nodeTypes.find((type) => type.name === 'svf') as NodeType;
    expect(nodeOf({ type: 'svf', thermal: { gain: 2.5 } })?.thermal).toEqual({ gain: 2.5, tau: thermal.tau });
  });

  test('may limit how fast its parameters move', () => {
    const node = nodeOf({ type: 'svf', slew: { cutoff: { rate: 20000, area: 3 }, resonance: 'ideal' } });
    expect([...(node?.slew ?? [])]).toEqual([
      ['cutoff', { type: 'limited', rate: 20000, acceleration: undefined, area: 3 }],
      ['resonance', { type: 'ideal' }],
    ]);
  });

  test('may set terms for its taps', () => {
    const node = nodeOf({
      type: 'svf',
      taps: { in: { absent: 'hold', asks: 64 }, low: { max_frames: '1 s', overflow: 'block' } },
    });
    expect(node?.taps.get('in')).toMatchObject({ absent: 'hold', asks: { number: 64, unit: 'plain' } });
    expect(node?.taps.get('low')).toMatchObject({ maxFrames: { number: 1, unit: 'seconds' }, overflow: 'block' });
  });

  describe.each(nodeTypes)('of type $name', (type) => {
    test('needs no more than its type', () => {
      expect(messagesOf(patchText({ node: { type: type.name } }))).toEqual([]);
    });

    test.each(type.parameters)('takes $name over its whole range', (parameter) => {
      const values = [parameter.minimum, parameter.default, parameter.maximum];
      expect(messagesOf(patchText({ node: { type: type.name, [parameter.name]: values } }))).toEqual([]);
    });

    test.each(type.parameters)('takes $name no further', (parameter) => {
      const step = Math.max(1, Math.abs(parameter.maximum)) * 1e-3;
      const values = [parameter.minimum - step, parameter.maximum + step];
      expect(messagesOf(patchText({ node: { type: type.name, [parameter.name]: values } }))).toEqual([
        expect.stringContaining('is too low'),
        expect.stringContaining('is too high'),
      ]);
    });
  });
});

describe('an edge', () => {
  const edgeOf = (edge: unknown) =>
    patchOf(patchText({ lfo: { type: 'lfo' }, low: { type: 'svf' } }, { edges: [edge] })).edges[0];

  test('in octaves scales its parameter', () => {
    expect(edgeOf({ from: 'lfo', to: 'low.cutoff', in: 'octaves', depth: 0.5 })).toMatchObject({
      mode: 'scale',
      in: 'octaves',
    });
  });

  test('may be kept from being aligned', () => {
    expect(edgeOf({ from: 'lfo', to: 'low', align: false })?.align).toBe(false);
  });

  test('to a parameter may have a slew', () => {
    const slew = { rate: 3, area: 0.5 };
    expect(edgeOf({ from: 'lfo', to: 'low.cutoff', slew })?.slew).toMatchObject({ type: 'limited', ...slew });
    expect(edgeOf({ from: 'lfo', to: 'low.cutoff', slew: 'ideal' })?.slew).toEqual({ type: 'ideal' });
  });

  test('has no delay, and gain 1, unless it says so', () => {
    expect(edgeOf({ from: 'lfo', to: 'low' })).toMatchObject({
      delay: { number: 0, unit: 'plain' },
      amount: { number: 1, unit: 'plain' },
    });
  });

  test('may run beside another between the same ends if it has an id', () => {
    const edges = [
      { from: 'lfo', to: 'low' },
      { from: 'lfo', to: 'low', id: 'second', delay: '10 ms' },
      { from: 'lfo', to: 'low', id: 'third', delay: '20 ms' },
    ];
    expect(messagesOf(patchText({ lfo: { type: 'lfo' }, low: { type: 'svf' } }, { edges }))).toEqual([]);
  });
});

describe('a control', () => {
  const controlOf = (control: unknown) =>
    patchOf(
      patchText(
        { low: { type: 'svf' } },
        {
          edges: [
            { id: 'wet', from: 'low', to: 'out' },
            { id: 'sweep', from: 'low', to: 'low.cutoff', delay: 1 },
          ],
          controls: [control],
        },
      ),
    ).controls[0];

  test("without a range covers its whole parameter, by the parameter's curve unless that touches 0", () => {
    expect(controlOf({ from: 'midi:bend', to: 'low.cutoff' })).toMatchObject({
      range: [{ number: 10 }, { number: 20000 }],
      curve: 'exponential',
    });
    expect(controlOf({ from: 'midi:bend', to: 'low.resonance' })?.curve).toBe('linear');
  });

  test('may move the gain of an edge', () => {
    expect(controlOf({ from: 'key:space', to: 'wet.gain' })?.to).toEqual({ type: 'edge', edge: 0 });
  });

  test('may move the depth of an edge in the unit of its parameter', () => {
    expect(controlOf({ from: 'midi:pressure', to: 'sweep.depth', range: ['0 Hz', '2 kHz'] })?.to).toEqual({
      type: 'edge',
      edge: 1,
    });
  });

  test('may run downwards', () => {
    expect(controlOf({ from: 'key:z', to: 'low.cutoff', range: [8000, 80] })?.range[0].number).toBe(8000);
  });
});

describe('a schedule', () => {
  test('may be written out in stages', () => {
    const stages = [
      { cohorts: [{ type: 'sine', nodes: ['b', 'a'] }] },
      { partial_latency: 1, cohorts: [{ type: 'output', nodes: ['out'] }] },
    ];
    expect(
      patchOf(patchText({ a: { type: 'sine' }, b: { type: 'sine' } }, { schedule: { stages } })).schedule,
    ).toMatchObject({
      type: 'stages',
      stages: [
        { partialLatency: 0, cohorts: [{ type: 'sine', nodes: [1, 0] }] },
        { partialLatency: 1, cohorts: [{ type: 'output', nodes: [2] }] },
      ],
    });
  });
});
