// The heat of a node as a source of edges.

import { describe, expect, test } from 'vitest';
import { planOf } from './compiling.js';
import type { EdgeSketch, PatchSketch } from './patch-builder.js';

const warmed = {
  nodes: {
    keys: { type: 'keys' },
    saw: { type: 'saw' },
    low: { type: 'svf' },
    late: { type: 'limiter' },
    vca: { type: 'gain' },
    out: { type: 'output' },
  },
  edges: [
    { from: 'keys.freq', to: 'saw.freq' },
    { from: 'saw', to: 'low' },
    { from: 'low', to: 'late' },
    { from: 'late', to: 'vca' },
    { from: 'vca', to: 'out' },
  ],
} satisfies PatchSketch;

function planWith(edge: EdgeSketch) {
  return planOf({ ...warmed, edges: [...warmed.edges, edge] });
}

describe('an edge from the heat of a node', () => {
  test('reads one lane behind the outputs of its type', () => {
    const { nodes, edges } = planWith({ from: 'low.thermo.heat', to: 'vca.gain', align: false });
    const low = nodes.find(({ id }) => id === 'low');
    expect(low?.outputs.at(-1)).toMatchObject({ name: 'thermo.heat', batch: 1, channels: 1, history: 64 });
    expect(edges.at(-1)?.fromOutput).toBe(3);
  });

  test.each([
    [0, 64],
    [63, 64],
    [1000, 1000],
  ])('with a written delay of %i frames is %i behind', (delay, frames) => {
    const { edges } = planWith({ from: 'low.thermo.heat', to: 'vca.gain', delay, align: false });
    expect(edges.at(-1)?.delay).toBe(frames);
  });

  test('makes nobody a voice, and leaves no group of voices', () => {
    const { voiceGroups, nodes } = planWith({ from: 'low.thermo.heat', to: 'vca.gain', align: false });
    expect(voiceGroups[0]?.members.map((node) => nodes[node]?.id)).toEqual(['keys', 'saw', 'low']);
    expect(voiceGroups[0]?.exitEdges).toHaveLength(1);
    expect(nodes).toHaveLength(6);
  });

  test('against the flow makes a loop of at most 64 frames, not one without delay', () => {
    const { components } = planWith({ from: 'vca.thermo.heat', to: 'low.cutoff', align: false });
    expect(components.find(({ isLoop }) => isLoop)?.quantum).toBe(64);
  });
});

test('a node whose heat nobody reads has no tap for it', () => {
  expect(planOf(warmed).nodes.flatMap(({ outputs }) => outputs.map(({ name }) => name))).not.toContain('thermo.heat');
});
