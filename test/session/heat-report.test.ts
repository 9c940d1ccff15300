// What is told of the heat that the engine measures.

import { describe, expect, test } from 'vitest';
import { heatStateOf, planHeat } from '../../src/session/heat-report.js';
import { planOf } from '../plan/compiling.js';

const plan = planOf({
  nodes: { tone: { type: 'sine' }, one: { type: 'gain' }, other: { type: 'gain' }, out: { type: 'output' } },
  edges: [
    { from: 'tone', to: 'one' },
    { from: 'tone', to: 'other' },
    { from: 'one', to: 'out' },
  ],
});
const heats = [
  { node: 1, input: 0, power: 0.5, heat: 20, gain: 1 },
  { node: 2, input: 0, power: 0.25, heat: 45, gain: 0.75 },
];

describe('the heat of a plan', () => {
  const { thermal, nodes } = planHeat(plan, heats);

  test('is that of the ambient for a node that nothing warms', () => {
    expect(nodes[0]).toEqual({ temperature: 25, power: 0, state: 'cool', gain: 1 });
  });

  test('is told node by node with what it means, and with the gain that is left', () => {
    expect(nodes[2]).toEqual({ temperature: 70, power: 0.25, state: 'hot', gain: 0.75 });
  });

  test('is the sum of all nodes for the graph', () => {
    expect(thermal).toMatchObject({ temperature: 90, power: 0.75, state: 'over' });
  });

  test('is the sum over all nodes for each tap group', () => {
    expect(thermal.groups).toEqual([{ name: '1a', temperature: 90, power: 0.75, state: 'over' }]);
  });
});

test.each([
  [54.9, 'cool'],
  [55, 'warm'],
  [67.5, 'hot'],
  [80, 'over'],
])('with marks at 55 and 80 degrees %f is %s', (temperature, state) => {
  expect(heatStateOf({ warm: 55, limit: 80 }, temperature)).toBe(state);
});
