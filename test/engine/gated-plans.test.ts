import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describePlanBytes } from '../../src/engine/describe.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import type { PatchSketch } from '../plan/patch-builder.js';
import { buildPatch } from '../plan/patch-builder.js';
import { anyGraph, legalGraph, patchOfGraph } from '../plan/random-graph.js';

const span = { offset: 0, length: 0 };

/** What a gate may be made of; the numbers are taken modulo what there is. */
const gate = fc.record({
  whileClosed: fc.constantFrom('mute', 'sample', 'hold', 'hold'),
  release: fc.constantFrom('resume', 'skip'),
  open: fc.boolean(),
  quantize: fc.constantFrom(
    { number: 0, unit: 'plain' as const },
    { number: 1 / 16, unit: 'whole_notes' as const },
    { number: 2, unit: 'bars' as const },
  ),
  picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  signals: fc.array(fc.nat(), { maxLength: 2 }),
});

/** Voices that leave through edges into the graph. */
const voices = {
  keys: { type: 'keys' },
  env: { type: 'adsr' },
  vca: { type: 'gain' },
};

const blocking = { in: { overflow: 'block' } } as const;

/** Patches of mixes in any graph, voices besides, and gates on some of the edges. */
const gatedPatch = fc
  .record({
    graph: fc.oneof(anyGraph, legalGraph),
    gates: fc.array(gate, { minLength: 1, maxLength: 4 }),
    hasVoices: fc.boolean(),
    /** The readers of all edges that gates hold. */
    blocks: fc.constantFrom(true, true, false),
  })
  .map(({ graph, gates, hasVoices, blocks }): PatchSketch => {
    const { nodes, edges = [] } = patchOfGraph(graph);
    const all = [
      ...edges,
      ...(hasVoices
        ? [
            { from: 'keys.gate', to: 'env.gate' },
            { from: 'keys.gate', to: 'vca' },
            { from: 'env', to: 'vca.gain' },
            { from: 'vca', to: 'n0' },
          ]
        : []),
    ];
    const free = new Set(all.keys());
    const nodeCount = graph.nodeCount;
    const made = gates.flatMap(({ picks, signals, ...rest }, index) => {
      const members = [...new Set(picks.map((pick) => pick % all.length))].filter((edge) => free.delete(edge));
      return members.length === 0
        ? []
        : [
            {
              ...rest,
              id: `g${index}`,
              members,
              signals: signals.map((node) => ({ span, node: node % nodeCount, output: 0 })),
            },
          ];
    });
    const held = made.flatMap(({ whileClosed, members }) => (whileClosed === 'hold' ? members : []));
    const readers = blocks ? held.map((edge) => all[edge]?.to ?? '') : [];
    const sketches: PatchSketch['nodes'] = hasVoices ? { ...nodes, ...voices } : nodes;
    return {
      nodes: Object.fromEntries(
        Object.entries(sketches).map(([id, node]) => [id, readers.includes(id) ? { ...node, taps: blocking } : node]),
      ),
      edges: all,
      gates: made,
    };
  });

test('the engine takes every plan with gates that the planner makes', () => {
  const counts = { taken: 0, refused: 0, standing: 0 };
  fc.assert(
    fc.property(gatedPatch, (sketch) => {
      const result = compilePlan(buildPatch(sketch), { sampleRate: 48_000 });
      if (!result.ok) {
        counts.refused += 1;
        return;
      }
      counts.taken += 1;
      counts.standing += result.plan.nodes.some(({ inputs }) => inputs[0]?.overflow === 'block') ? 1 : 0;
      const description = describePlanBytes(encodePlan(result.plan));
      expect(description.ok ? 'taken' : description.error.message).toBe('taken');
    }),
    { numRuns: 1500 },
  );
  expect(counts.taken).toBeGreaterThan(100);
  expect(counts.refused).toBeGreaterThan(100);
  expect(counts.standing).toBeGreaterThan(10);
});
