import { describe, expect, test } from 'vitest';
import { describePlan } from '../../src/plan/describe.js';
import { formatPlan } from '../../src/plan/format.js';
import { planOf } from './compiling.js';
import { literal } from './patch-builder.js';

const plan = planOf({
  name: 'Echo',
  tempo: 96,
  nodes: {
    out: { type: 'output' },
    keys: { type: 'keys', options: { voices: 4, channel: 2 } },
    saw: { type: 'saw', parameters: { phase: literal(25, 'percent') } },
    envelope: { type: 'adsr', parameters: { release: literal(100, 'milliseconds') } },
    vca: { type: 'gain' },
    echo: { type: 'mix' },
  },
  edges: [
    { from: 'keys.freq', to: 'saw.freq' },
    { from: 'keys.gate', to: 'envelope.gate' },
    { from: 'saw', to: 'vca' },
    { from: 'envelope', to: 'vca.gain' },
    { from: 'vca', to: 'echo' },
    { from: 'echo', to: 'echo', delay: literal(3 / 16, 'whole_notes'), amount: literal(-6, 'decibels') },
    { id: 'wet', from: 'echo', to: 'out' },
  ],
  gates: [
    {
      id: 'drop',
      members: [6],
      quantize: literal(1, 'bars'),
      signals: [{ node: 5, output: 0, span: { offset: 0, length: 0 } }],
    },
  ],
});
const description = describePlan(plan);

describe('the description of a plan', () => {
  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  test('has every node with type, shape, component and voices', () => {
    expect(description.nodes.map(({ id, type, shape, voices }) => [id, type, shape, voices])).toEqual([
      ['out', 'output', [1, 2], null],
      ['keys', 'keys', [4, 1], 'keys'],
      ['saw', 'saw', [4, 1], 'keys'],
      ['envelope', 'adsr', [4, 1], 'keys'],
      ['vca', 'gain', [4, 1], 'keys'],
      ['echo', 'mix', [1, 1], null],
    ]);
  });

  test('has every input tap with node, name, group, shape and contract', () => {
    expect(description.taps.inputs).toContainEqual({
      node: 'echo',
      name: 'in',
      group: '1a',
      shape: [4, 1],
      contract: { default: 0, absent: 'default', asks: 0, maxFrames: 2_880_000, overflow: 'drop_oldest' },
    });
  });

  test('has every output tap with node, name, group, shape and contract', () => {
    expect(description.taps.outputs).toContainEqual({
      node: 'echo',
      name: 'out',
      group: '1a',
      shape: [1, 1],
      contract: { release: 'on_consume', history: 22_500, maxFrames: 2_880_000, period: 1 },
    });
  });

  test('has as many taps as the nodes have', () => {
    const taps = plan.nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
    expect(description.taps.inputs.length + description.taps.outputs.length).toBe(taps.length);
  });

  test('has edges by name, with delay, alignment, gain and mode', () => {
    expect(description.edges[5]).toEqual({
      id: null,
      from: 'echo.out',
      to: 'echo.in',
      feeds: 'input',
      delay: 22_500,
      alignment: 0,
      gain: '-6 dB',
      mode: 'add',
      in: 'linear',
      gate: null,
      align: true,
      slew: { rate: null, acceleration: null, area: null },
    });
  });

  test('has the delays', () => {
    expect(description.delays).toEqual([{ from: 'echo.out', to: 'echo.in', frames: 22_500, milliseconds: 468.75 }]);
  });

  test('has the components in order, with quantum and inner order', () => {
    expect(description.components.map(({ quantum, isLoop, nodes }) => [quantum, isLoop, nodes.join(' ')])).toEqual([
      [4096, false, 'keys'],
      [4096, false, 'saw'],
      [4096, false, 'envelope'],
      [4096, false, 'vca'],
      [4096, true, 'echo'],
      [4096, false, 'out'],
    ]);
  });

  test('has the voices', () => {
    expect(description.voices).toEqual([
      {
        keys: 'keys',
        lanes: 4,
        channel: 2,
        ring: 4801,
        members: ['keys', 'saw', 'envelope', 'vca'],
        exits: ['vca.out -> echo.in'],
        envelopes: ['envelope'],
      },
    ]);
  });

  test('has the gates', () => {
    expect(description.gates).toEqual([
      {
        id: 'drop',
        whileClosed: 'mute',
        release: 'resume',
        isOpen: true,
        quantize: '1 bar',
        edges: ['wet'],
        signals: ['echo.out'],
      },
    ]);
  });

  test('has the latency', () => {
    expect(description.latency).toEqual({ outputFrames: 0, outputMilliseconds: 0, limiterFrames: null });
    expect(describePlan(plan, { limiterFrames: 48 }).latency.limiterFrames).toBe(48);
  });

  test('has the size of the arena if the engine tells it, else none', () => {
    expect([description.arenaBytes, describePlan(plan, { arenaBytes: 65_536 }).arenaBytes]).toEqual([null, 65_536]);
  });
});

describe('the tables for a terminal', () => {
  const lines = formatPlan(describePlan(plan, { arenaBytes: 65_536 })).split('\n');

  test('begin with what holds for the whole plan', () => {
    expect(lines.slice(0, 2)).toEqual([
      'Echo',
      '48000 Hz, tempo 96, meter 4/4, output latency 0 frames (0 ms), smallest quantum 4096, arena 65536 bytes',
    ]);
  });

  test('show the nodes in the order in which they fire', () => {
    const start = lines.findIndex((line) => line.startsWith('Nodes'));
    const ids = lines.slice(start + 3, start + 9).map((line) => line.trim().split(' ')[0]);
    expect(ids).toEqual(['keys', 'saw', 'envelope', 'vca', 'echo', 'out']);
  });

  test('show a delay in frames and milliseconds', () => {
    expect(lines.find((line) => line.includes(' ms)  '))).toMatch(/echo\.out +echo\.in +input +22500 \(468\.8 ms\)/);
  });

  test('have no line that ends with a blank', () => {
    expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
  });

  test('leave out tables without rows', () => {
    expect(lines.filter((line) => line === 'Schedule')).toEqual([]);
  });
});
