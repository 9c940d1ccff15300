// Random patches of a few types, in the words of the tests and in those of a patch.

import fc from 'fast-check';
import type { EdgeSketch, NodeSketch, PatchSketch } from './patch-builder.js';

/** Each type with a parameter of it that edges move. */
const types = {
  sine: 'freq',
  one_pole: 'cutoff',
  gain: 'gain',
  biquad: 'cutoff',
  pan: 'position',
  mix: undefined,
} as const;

type Type = keyof typeof types;

const pick = fc.record({
  one: fc.nat(),
  other: fc.nat(),
  delay: fc.integer({ min: 1, max: 9000 }),
  moves: fc.boolean(),
});

/** Patches of a few types, whose edges may go anywhere: against the order with a delay. */
export const anyPatch: fc.Arbitrary<PatchSketch> = fc
  .record({
    chosen: fc.array(fc.constantFrom(...(Object.keys(types) as Type[])), { minLength: 1, maxLength: 30 }),
    picks: fc.array(pick, { maxLength: 50 }),
  })
  .map(({ chosen, picks }) => {
    const count = chosen.length;
    const edges = picks.flatMap(({ one, other, delay, moves }): EdgeSketch[] => {
      const [from, to] = [one % count, other % count];
      const type = chosen[to] ?? 'mix';
      const moved = moves || type === 'sine' ? types[type] : undefined;
      const isLegal = chosen[from] !== 'pan' && !(type === 'sine' && moved === undefined);
      const target = moved === undefined ? `n${to}` : `n${to}.${moved}`;
      return isLegal ? [{ from: `n${from}`, to: target, ...(from < to ? {} : { delay }) }] : [];
    });
    const nodes: Record<string, NodeSketch> = Object.fromEntries(chosen.map((type, index) => [`n${index}`, { type }]));
    return { nodes: { ...nodes, out: { type: 'output' } }, edges: [...edges, { from: `n${count - 1}`, to: 'out' }] };
  });

/** Voices that are heard twice, once late: the planner adds the sum of them. */
const voices: PatchSketch = {
  nodes: {
    keys: { type: 'keys' },
    saw: { type: 'saw' },
    vca: { type: 'gain' },
    late: { type: 'mix' },
  },
  edges: [
    { from: 'keys.freq', to: 'saw.freq' },
    { from: 'saw', to: 'vca' },
    { from: 'keys.gate', to: 'vca.gain' },
    { from: 'vca', to: 'late' },
    { from: 'vca', to: 'late', delay: 700 },
    { from: 'late', to: 'out' },
  ],
};

/** The same as text for `readPatch`, some with voices, without a schedule. */
export const anyPatchText: fc.Arbitrary<string> = fc.tuple(anyPatch, fc.boolean()).map(([sketch, hasVoices]) => {
  const nodes = hasVoices ? { ...voices.nodes, ...sketch.nodes } : sketch.nodes;
  const edges = [...(sketch.edges ?? []), ...(hasVoices ? (voices.edges ?? []) : [])];
  // Two edges from one tap to another need names.
  return JSON.stringify({ amp: 1, nodes, edges: edges.map((edge, index) => ({ id: `e${index}`, ...edge })) });
});
