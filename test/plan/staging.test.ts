// The schedules that the planner makes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScheduleStage } from '../../src/patch/patch.js';
import { compilePlan } from '../../src/plan/compile.js';
import { planOf } from './compiling.js';
import type { EdgeSketch, NodeSketch, PatchSketch } from './patch-builder.js';
import { buildPatch } from './patch-builder.js';
import { anyPatch } from './random-patch.js';

function stagesOf(sketch: PatchSketch): readonly ScheduleStage[] {
  return planOf({ ...sketch, schedule: { type: 'ipls' } }).schedule?.stages ?? [];
}

/** The cohorts of each stage, as the type and the nodes' ids. */
function shown(sketch: PatchSketch): readonly (readonly string[])[] {
  const ids = Object.keys(sketch.nodes);
  return stagesOf(sketch).map(({ cohorts }) =>
    cohorts.map(({ type, nodes }) => `${type} ${nodes.map((node) => ids[node]).join(' ')}`),
  );
}

/** `count` branches of a sine and so many filters, into one output. */
function branches(count: number, filters: number, filter: NodeSketch = { type: 'one_pole' }): PatchSketch {
  const each = Array.from({ length: count }, (_, branch) => [
    `s${branch}`,
    ...Array.from({ length: filters }, (__, place) => `f${branch}_${place}`),
  ]);
  const nodes = each.flatMap((ids) => ids.map((id, place) => [id, place === 0 ? { type: 'sine' } : filter] as const));
  const edges = each.flatMap((ids) => ids.map((from, place): EdgeSketch => ({ from, to: ids[place + 1] ?? 'out' })));
  return { nodes: { ...Object.fromEntries(nodes), out: { type: 'output' } }, edges };
}

describe('the planner', () => {
  test('makes a schedule that its own check takes, with every node once', () => {
    fc.assert(
      fc.property(anyPatch, fc.nat({ max: 5 }), (sketch, partialLatency) => {
        const wish = { type: 'ipls', partialLatency } as const;
        const planned = compilePlan(buildPatch({ ...sketch, schedule: wish }), { sampleRate: 48_000 });
        if (!planned.ok) {
          return;
        }
        const stages = planned.plan.schedule?.stages ?? [];
        const schedule = { type: 'stages', span: { offset: 0, length: 1 }, stages } as const;
        expect(planOf({ ...sketch, schedule }).schedule).toEqual({ stages });
        const nodes = stages.flatMap(({ cohorts }) => cohorts.flatMap((cohort) => cohort.nodes));
        expect(nodes.toSorted((a, b) => a - b)).toEqual([...Object.keys(sketch.nodes).keys()]);
      }),
      { numRuns: 300 },
    );
  });

  test('puts equal nodes on one level side by side', () => {
    expect(shown(branches(4, 2))).toEqual([
      ['sine s0 s1 s2 s3'],
      ['one_pole f0_0 f1_0 f2_0 f3_0'],
      ['one_pole f0_1 f1_1 f2_1 f3_1'],
      ['output out'],
    ]);
  });

  test('makes a chain of equal nodes in a row that have few equals beside them', () => {
    expect(shown(branches(1, 5))).toEqual([['sine s0'], ['one_pole f0_0 f0_1 f0_2 f0_3 f0_4'], ['output out']]);
  });

  test('breaks a chain where somebody else listens', () => {
    const sketch = branches(1, 9);
    const tapped = { ...sketch, edges: [...(sketch.edges ?? []), { from: 'f0_3', to: 'out' }] };
    expect(shown(tapped).map((stage) => stage.length)).toEqual([1, 1, 1, 1]);
    expect(shown(tapped)[1]).toEqual(['one_pole f0_0 f0_1 f0_2 f0_3']);
  });

  test('begins a chain behind a node that an edge moves', () => {
    const { nodes, edges = [] } = branches(1, 6);
    const moved = {
      nodes: { ...nodes, slow: { type: 'lfo' } },
      edges: [...edges, { from: 'slow', to: 'f0_0.cutoff' }],
    };
    expect(shown(moved).slice(1, 3)).toEqual([['one_pole f0_0'], ['one_pole f0_1 f0_2 f0_3 f0_4 f0_5']]);
  });

  test('fuses no nodes of other options', () => {
    const sketch = branches(2, 1, { type: 'biquad' });
    const nodes = { ...sketch.nodes, f1_0: { type: 'biquad', options: { mode: 1 } } };
    expect(shown({ ...sketch, nodes })[1]).toEqual(['biquad f0_0', 'biquad f1_0']);
  });

  test('orders lanes as what they read', () => {
    const { nodes, edges = [] } = branches(4, 1);
    const { f0_0: first, ...rest } = nodes;
    const reordered = { nodes: { ...rest, f0_0: first ?? { type: 'one_pole' } }, edges };
    expect(shown(reordered)[1]).toEqual(['one_pole f0_0 f1_0 f2_0 f3_0']);
  });

  test('lets no stage lag that nobody asked for', () => {
    expect(new Set(stagesOf(branches(8, 3)).map(({ partialLatency }) => partialLatency))).toEqual(new Set([0]));
  });

  test('lets later stages lag by as many blocks at most as somebody asked for', () => {
    const { stages = [] } = planOf({ ...branches(8, 3), schedule: { type: 'ipls', partialLatency: 2 } }).schedule ?? {};
    expect(stages.map(({ partialLatency }) => partialLatency)).toEqual([0, 0, 1, 1, 2]);
  });

  test('keeps the nodes of a loop together, one by one', () => {
    const loop = {
      nodes: { a: { type: 'mix' }, b: { type: 'mix' }, out: { type: 'output' } },
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a', delay: 64 },
        { from: 'b', to: 'out' },
      ],
    };
    expect(shown(loop)).toEqual([['mix a', 'mix b'], ['output out']]);
  });

  test('stages thousands of nodes at once', () => {
    expect(stagesOf(branches(3000, 2)).map(({ cohorts }) => cohorts.length)).toEqual([1, 1, 1, 1]);
  });
});
