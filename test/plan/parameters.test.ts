import { describe, expect, test } from 'vitest';
import { nodeIn, planOf } from './compiling.js';
import type { EdgeSketch, NodeSketch } from './patch-builder.js';
import { literal } from './patch-builder.js';

function frequency(saw: Partial<NodeSketch> = {}, edge?: Partial<EdgeSketch>) {
  const plan = planOf({
    nodes: { lfo: { type: 'lfo' }, saw: { type: 'saw', ...saw }, out: { type: 'output' } },
    edges: edge === undefined ? [] : [{ from: 'lfo', to: 'saw.freq', ...edge }],
  });
  return nodeIn(plan, 'saw').parameters.find(({ name }) => name === 'freq');
}

describe('the base of a parameter', () => {
  test('is what the patch writes, with its unit', () => {
    expect(frequency({ parameters: { freq: literal(2, 'kilohertz') } })).toMatchObject({
      isWritten: true,
      base: [{ number: 2, unit: 'kilohertz' }],
    });
  });

  test('is what the patch writes even if an edge adds to it', () => {
    expect(frequency({ parameters: { freq: 110 } }, {})?.base).toEqual([{ number: 110, unit: 'plain' }]);
  });

  test('is 0 if an edge adds to it', () => {
    expect(frequency({}, {})).toMatchObject({ isWritten: false, base: [{ number: 0, unit: 'plain' }] });
  });

  test('is the default if an edge only scales it', () => {
    expect(frequency({}, { mode: 'scale', in: 'octaves' })?.base).toEqual([{ number: 440, unit: 'plain' }]);
  });

  test('is the default if there is nothing else', () => {
    expect(frequency()).toMatchObject({ isWritten: false, base: [{ number: 440, unit: 'plain' }] });
  });

  test('has a value for each lane if the patch writes so', () => {
    expect(frequency({ parameters: { freq: [100, 200] } })?.base).toHaveLength(2);
  });
});

describe('the slew of a modulation', () => {
  const modulated = (edge: Partial<EdgeSketch>) =>
    planOf({
      nodes: { lfo: { type: 'lfo' }, saw: { type: 'saw' }, out: { type: 'output' } },
      edges: [{ from: 'lfo', to: 'saw.freq', ...edge }],
    });

  test('has the limits that the patch writes, or none', () => {
    const slew = { type: 'limited', acceleration: 4 } as const;
    expect(modulated({ slew }).edges[0]?.slew).toEqual({ rate: null, acceleration: 4, area: null });
    expect(modulated({}).edges[0]?.slew).toEqual({ rate: null, acceleration: null, area: null });
  });

  test('lets its node ring for nobody knows how long', () => {
    expect(nodeIn(modulated({ slew: { type: 'limited', rate: 4 } }), 'saw').tail).toBe('endless');
    expect(nodeIn(modulated({ slew: { type: 'ideal' } }), 'saw').tail).toBe(0);
  });
});

describe('the slew of a parameter', () => {
  test('has the limits that the patch writes', () => {
    const slew = { freq: { type: 'limited', rate: 100, area: 2 } } as const;
    expect(frequency({ slew })?.slew).toEqual({ rate: 100, acceleration: null, area: 2 });
  });

  test.each([{ freq: { type: 'ideal' } }, {}] as const)('has none with %o', (slew) => {
    expect(frequency({ slew })?.slew).toEqual({ rate: null, acceleration: null, area: null });
  });
});
