import { describe, expect, test } from 'vitest';
import { SourceText } from '../../src/patch/diagnostic.js';
import type { ScheduleStage, WrittenStage } from '../../src/patch/patch.js';
import { compilePlan } from '../../src/plan/compile.js';
import { complaintsAbout, planOf } from './compiling.js';
import type { PatchSketch } from './patch-builder.js';
import { buildPatch } from './patch-builder.js';

/** sine (0) -> gain (1) -> gain (2) -> output (3). */
const chain = {
  nodes: { sine: { type: 'sine' }, first: { type: 'gain' }, second: { type: 'gain' }, out: { type: 'output' } },
  edges: [
    { from: 'sine', to: 'first' },
    { from: 'first', to: 'second' },
    { from: 'second', to: 'out' },
  ],
} satisfies PatchSketch;

function stage(partialLatency: number, ...cohorts: readonly (readonly [string, ...number[]])[]): ScheduleStage {
  return { partialLatency, cohorts: cohorts.map(([type, ...nodes]) => ({ type, nodes })) };
}

function scheduled(sketch: PatchSketch, stages: readonly ScheduleStage[]): PatchSketch {
  return { ...sketch, schedule: { type: 'stages', span: { offset: 0, length: 1 }, stages } };
}

const inOrder = [stage(0, ['sine', 0]), stage(0, ['gain', 1, 2]), stage(0, ['output', 3])];

describe('a schedule', () => {
  test('that the patch brings is in the plan', () => {
    expect(planOf(scheduled(chain, inOrder)).schedule).toEqual({ stages: inOrder });
  });

  test('is not in the plan where the patch says "kpn"', () => {
    expect(planOf({ ...chain, schedule: { type: 'kpn' } }).schedule).toBeNull();
  });

  test('may work on a later block in an earlier stage', () => {
    const stages = [stage(0, ['sine', 0]), stage(1, ['gain', 1, 2]), stage(2, ['output', 3])];
    expect(complaintsAbout(scheduled(chain, stages))).toEqual([]);
  });

  test('cannot read in the stage before, and the edge is named', () => {
    const stages = [stage(0, ['gain', 1, 2]), stage(0, ['sine', 0]), stage(0, ['output', 3])];
    expect(complaintsAbout(scheduled(chain, stages))).toEqual([
      '1: the schedule lets "first.in" (stage 1, partial latency 0) read "sine.out" (stage 2, partial latency 0) too early: the edge ' +
        'has a delay of 0 frames, and at least 4096 fit blocks of 4096',
    ]);
  });

  test('can read in the stage before what is a block late', () => {
    const stages = [stage(1, ['gain', 1, 2]), stage(0, ['sine', 0]), stage(1, ['output', 3])];
    expect(complaintsAbout(scheduled(chain, stages))).toEqual([]);
  });

  test('can read in the stage before what has a delay of a block', () => {
    const [, ...rest] = chain.edges;
    const edges = [{ from: 'sine', to: 'first', delay: 4096 }, ...rest];
    const stages = [stage(0, ['gain', 1, 2]), stage(0, ['sine', 0]), stage(0, ['output', 3])];
    expect(complaintsAbout(scheduled({ ...chain, edges }, stages))).toEqual([]);
  });

  test('cannot take back a partial latency', () => {
    const stages = [stage(1, ['sine', 0]), stage(0, ['gain', 1, 2]), stage(0, ['output', 3])];
    expect(complaintsAbout(scheduled(chain, stages))).toHaveLength(1);
  });

  test('cannot run two cohorts of one stage one after the other', () => {
    const stages = [stage(0, ['sine', 0], ['gain', 1, 2]), stage(0, ['output', 3])];
    expect(complaintsAbout(scheduled(chain, stages))).toHaveLength(1);
  });

  test('cannot run a chain of one type against its lanes', () => {
    const stages = [stage(0, ['sine', 0]), stage(0, ['gain', 2, 1]), stage(0, ['output', 3])];
    expect(complaintsAbout(scheduled(chain, stages))).toHaveLength(1);
  });

  const looped = { ...chain, edges: [...chain.edges, { from: 'second', to: 'first', delay: 10 }] };

  test('may hold a loop in one stage', () => {
    expect(complaintsAbout(scheduled(looped, inOrder))).toEqual([]);
  });

  test('cannot split a loop', () => {
    const stages = [stage(0, ['sine', 0]), stage(0, ['gain', 1]), stage(0, ['gain', 2]), stage(0, ['output', 3])];
    expect(complaintsAbout(scheduled(looped, stages))).toEqual([
      '1: the schedule has "first" and "second" in different stages, but they are in one loop; a loop runs in one stage',
    ]);
  });
});

describe('a schedule of voices that leave late', () => {
  /** keys (0) -> saw (1) -> late output (2); the planner adds the sum of the voices (3). */
  const late = {
    nodes: { keys: { type: 'keys' }, saw: { type: 'saw' }, out: { type: 'output' } },
    edges: [
      { from: 'keys.freq', to: 'saw.freq' },
      { from: 'saw', to: 'out', delay: 100 },
    ],
  } satisfies PatchSketch;
  const before = [stage(0, ['keys', 0]), stage(0, ['saw', 1])];
  const sumOf = (name: string): WrittenStage => ({
    partialLatency: 0,
    cohorts: [{ type: 'mix', nodes: [{ name, span: { offset: 5, length: 1 } }] }],
  });
  const by = (stages: readonly WrittenStage[]): PatchSketch => ({
    ...late,
    schedule: {
      type: 'stages',
      source: new SourceText('s.json', '{\n  here }'),
      span: { offset: 0, length: 1 },
      stages,
    },
  });
  const refusalsOf = (sketch: PatchSketch) => {
    const result = compilePlan(buildPatch(sketch), { sampleRate: 48_000 });
    return result.ok ? [] : result.diagnostics.map(({ file, line, column, message }) => [file, line, column, message]);
  };

  test('names the sum that the planner adds', () => {
    const { schedule } = planOf(by([...before, sumOf('saw.out.voices'), stage(0, ['output', 2])]));
    expect(schedule?.stages.map(({ cohorts }) => cohorts.map(({ nodes }) => nodes))).toEqual([
      [[0]],
      [[1]],
      [[3]],
      [[2]],
    ]);
  });

  test('cannot leave it out', () => {
    expect(refusalsOf(by([...before, stage(0, ['output', 2])]))).toEqual([
      [
        's.json',
        1,
        1,
        'the schedule leaves out "saw.out.voices", a sum of voices that the planner adds before a delay; every node has to stand in a stage',
      ],
    ]);
  });

  test('cannot name one that the planner does not add, and the place in its own text is told', () => {
    const stages = [...before, sumOf('saw.out.voices'), sumOf('keys.freq.voices'), stage(0, ['output', 2])];
    expect(refusalsOf(by(stages))).toEqual([
      [
        's.json',
        2,
        4,
        'the schedule has "keys.freq.voices", but the planner adds no such sum: nothing that voices make leaves them late there',
      ],
    ]);
  });
});
