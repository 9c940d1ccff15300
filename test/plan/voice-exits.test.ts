import { describe, expect, test } from 'vitest';
import { planOf } from './compiling.js';
import type { PatchSketch } from './patch-builder.js';
import { literal } from './patch-builder.js';

/** Voices that reach one mix at once, and two others later. */
const late = {
  nodes: {
    keys: { type: 'keys' },
    saw: { type: 'saw' },
    near: { type: 'mix' },
    far: { type: 'mix' },
    out: { type: 'output' },
  },
  edges: [
    { from: 'keys.freq', to: 'saw.freq' },
    { from: 'saw', to: 'near' },
    { id: 'first', from: 'saw', to: 'far', delay: literal(100, 'milliseconds'), amount: 0.5 },
    { from: 'saw', to: 'out', delay: 7 },
    { from: 'near', to: 'out' },
    { from: 'far', to: 'out' },
  ],
} satisfies PatchSketch;

const plan = planOf(late);
const name = (node: number) => plan.nodes[node]?.id;

describe('voices that leave late', () => {
  test('are summed once for each tap, and the sum has its name', () => {
    expect(plan.nodes.map(({ id }) => id)).toEqual(['keys', 'saw', 'near', 'far', 'out', 'saw.out.voices']);
  });

  test('are delayed behind their sum, with their gain', () => {
    const delayed = plan.edges.flatMap(({ fromNode, toNode, delay, gain }) =>
      delay > 0 ? [[name(fromNode), name(toNode), delay, gain.number]] : [],
    );
    expect(delayed).toEqual([
      ['saw.out.voices', 'far', 4800, 0.5],
      ['saw.out.voices', 'out', 7, 1],
    ]);
  });

  test('leave their group without delay', () => {
    const exits = plan.voiceGroups[0]?.exitEdges.map((edge) => plan.edges[edge]);
    expect(exits?.map((edge) => edge && [name(edge.toNode), edge.delay])).toEqual([
      ['near', 0],
      ['saw.out.voices', 0],
    ]);
  });

  test('leave the places and names of the written edges as they were', () => {
    expect(plan.edges.findIndex(({ id }) => id === 'first')).toBe(2);
  });
});

test('voices that leave at once need no sum of their own', () => {
  const edges = late.edges.map(({ from, to }) => ({ from, to }));
  expect(planOf({ ...late, edges }).nodes).toHaveLength(5);
});

test('voices that leave through an edge that is not aligned are summed where they sound', () => {
  const edges = late.edges.map(({ from, to }) => ({ from, to, align: to !== 'near' }));
  const unaligned = planOf({ ...late, edges });
  const ways = unaligned.edges.map(({ fromNode, toNode, align }) => [
    unaligned.nodes[fromNode]?.id,
    unaligned.nodes[toNode]?.id,
    align,
  ]);
  expect(ways).toContainEqual(['saw', 'saw.out.voices', true]);
  expect(ways).toContainEqual(['saw.out.voices', 'near', false]);
});
