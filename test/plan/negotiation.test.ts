import { describe, expect, test } from 'vitest';
import { negotiate } from '../../src/plan/negotiation.js';
import { planOf } from './compiling.js';
import type { NodeSketch, PatchSketch } from './patch-builder.js';
import { literal } from './patch-builder.js';

type Taps = NonNullable<NodeSketch['taps']>;

/** A tone that a gain reads 480 frames back, and that moves another one's gain. */
function sketch(taps: Taps = {}): PatchSketch {
  return {
    nodes: { tone: { type: 'sine' }, level: { type: 'gain', taps }, other: { type: 'gain' }, out: { type: 'output' } },
    edges: [
      { from: 'tone', to: 'level', delay: 480 },
      { from: 'tone', to: 'other.gain' },
      { from: 'level', to: 'out' },
    ],
  };
}

const termsOf = (patch: PatchSketch) => negotiate(planOf(patch));

describe('what a reader asked and was granted', () => {
  test('is 60 s where nobody says anything', () => {
    expect(termsOf(sketch()).readers[0]).toEqual({
      from: 'tone.out',
      to: 'level.in',
      asked: { delay: 480, asks: 0, maxFrames: 2_880_000 },
      granted: { history: 480, maxFrames: 2_880_000, overflow: 'drop_oldest' },
      why: '60 s, the default',
    });
  });

  test('is bounded by the smallest max_frames of its wheel, which is named', () => {
    const { readers } = termsOf(sketch({ in: { maxFrames: literal(1000, 'frames'), asks: literal(20, 'frames') } }));
    expect(readers.slice(0, 2).map(({ to, asked, granted, why }) => [to, asked.maxFrames, granted, why])).toEqual([
      ['level.in', 1000, { history: 500, maxFrames: 1000, overflow: 'drop_oldest' }, 'max_frames of "level.in"'],
      ['other.gain', null, { history: 0, maxFrames: 1000, overflow: 'drop_oldest' }, 'max_frames of "level.in"'],
    ]);
  });

  test('is as long as its delay where that is longer than the default', () => {
    const patch = { ...sketch(), edges: [{ from: 'tone', to: 'level', delay: literal(90, 'seconds') }] };
    expect(termsOf(patch).readers[0]).toMatchObject({
      granted: { maxFrames: 4_320_000 },
      why: 'a delay longer than 60 s makes room for itself',
    });
  });
});

describe('what a wheel keeps', () => {
  test('follows from its deepest reader, which is named', () => {
    expect(termsOf(sketch()).wheels[0]).toEqual({
      tap: 'tone.out',
      readers: 2,
      gates: [],
      history: 480,
      maxFrames: 2_880_000,
      why: '"level.in" reads 480 frames back; 60 s, the default',
    });
  });

  test('tells the gates that a tap moves', () => {
    const gates = [{ id: 'drop', members: [0], signals: [{ node: 2, output: 0, span: { offset: 0, length: 0 } }] }];
    const { edges = [], ...rest } = sketch();
    const wheels = termsOf({ ...rest, edges: [edges[0], edges[2]].flatMap((edge) => edge ?? []), gates }).wheels;
    expect(wheels.find(({ tap }) => tap === 'other.out')).toMatchObject({
      gates: ['drop'],
      why: 'it moves gate "drop"; 60 s, the default',
    });
  });

  test('is nothing where nobody reads it, or nobody reads back', () => {
    const whys = termsOf(sketch()).wheels.map(({ tap, why }) => `${tap}: ${why}`);
    expect(whys).toContain('level.out: nobody reads back; 60 s, the default');
    expect(whys).toContain('other.out: nobody reads it; 60 s, the default');
  });
});
