// What `block` may stop, and what it may not.

import { describe, expect, test } from 'vitest';
import type { PatchGate } from '../../src/patch/patch.js';
import { complaintsAbout, planOf } from './compiling.js';
import type { EdgeSketch, PatchSketch } from './patch-builder.js';
import { latentType } from './patch-builder.js';

const block = { in: { overflow: 'block' } } as const;
const span = { offset: 0, length: 0 };
const hold = (id: string, members: readonly number[], signals: PatchGate['signals'] = []) =>
  ({ id, members, whileClosed: 'hold', signals }) as const;

/** source -> shaper -> reader -> out, where a gate holds the reader, and more. */
function held(more: {
  readonly nodes?: PatchSketch['nodes'];
  readonly edges?: readonly EdgeSketch[];
  readonly gates?: PatchSketch['gates'];
}): PatchSketch {
  return {
    nodes: {
      source: { type: 'saw' },
      shaper: { type: 'gain' },
      reader: { type: 'gain', taps: block },
      out: { type: 'output' },
      ...more.nodes,
    },
    edges: [
      { from: 'source', to: 'shaper' },
      { from: 'shaper', to: 'reader' },
      { from: 'reader', to: 'out' },
      ...(more.edges ?? []),
    ],
    gates: more.gates ?? [hold('stop', [1])],
  };
}

const says = (sketch: PatchSketch) => complaintsAbout(sketch).join('\n');

describe('what feeds an edge that blocks', () => {
  test('may stand where it feeds nothing else', () => {
    expect(complaintsAbout(held({}))).toEqual([]);
  });

  test('may be modulated by what stands with it', () => {
    const more = { nodes: { wobble: { type: 'lfo' } }, edges: [{ from: 'wobble', to: 'source.freq' }] };
    expect(complaintsAbout(held(more))).toEqual([]);
  });

  test('may be a loop of its own', () => {
    expect(complaintsAbout(held({ edges: [{ from: 'shaper', to: 'shaper', delay: 10 }] }))).toEqual([]);
  });

  test('may feed what nobody hears', () => {
    expect(
      complaintsAbout(held({ nodes: { deaf: { type: 'gain' } }, edges: [{ from: 'source', to: 'deaf' }] })),
    ).toEqual([]);
  });

  test('may leave through several edges of the gate', () => {
    const more = {
      nodes: { other: { type: 'gain', taps: block } },
      edges: [
        { from: 'source', to: 'other' },
        { from: 'other', to: 'out' },
      ],
      gates: [hold('stop', [1, 3])],
    };
    expect(complaintsAbout(held(more))).toEqual([]);
  });

  test('may lead nowhere else even by way of what feeds it', () => {
    expect(complaintsAbout(held({ edges: [{ from: 'source', to: 'out' }] }))).toEqual([
      '3: "reader.in" would block "shaper.out", and so starve the path to an output through "out.in"; "drop_oldest" fits',
    ]);
  });

  test('may not share a modulation with what plays on', () => {
    const more = {
      nodes: { wobble: { type: 'lfo' } },
      edges: [
        { from: 'wobble', to: 'source.freq' },
        { from: 'wobble', to: 'reader.gain' },
      ],
    };
    expect(says(held(more))).toContain('starve the path to an output through "reader.gain"');
  });

  test('may not move the gate of what plays on', () => {
    const more = {
      nodes: { mover: { type: 'square' } },
      edges: [{ from: 'mover', to: 'source.freq' }],
      gates: [hold('stop', [1]), { ...hold('other', [2], [{ node: 4, output: 0, span }]) }],
    };
    expect(says(held(more))).toContain(
      'starve the path to an output through "mover.out", a signal of gate "other"; "drop_oldest" fits',
    );
  });

  test('may not move its own gate', () => {
    const gates = [hold('stop', [1], [{ node: 0, output: 0, span }])];
    expect(says(held({ gates }))).toContain(
      'starve the path to an output through "source.out", a signal of gate "stop"',
    );
  });

  test('may not be stopped by a signal that comes from its own reader', () => {
    const more = {
      edges: [{ from: 'reader', to: 'reader.gain', delay: 64 }],
      gates: [hold('stop', [1], [{ node: 2, output: 0, span }])],
    };
    expect(says(held(more))).toMatch(/waits for "reader.out", a signal of gate "stop"/);
  });

  test('may not leave through two gates', () => {
    const more = {
      nodes: { other: { type: 'gain', taps: block } },
      edges: [
        { from: 'source', to: 'other' },
        { from: 'other', to: 'out' },
      ],
      gates: [hold('stop', [1]), hold('other', [3])],
    };
    expect(says(held(more))).toContain(
      '"reader.in" would block "shaper.out", and so starve "other.in", which another gate holds ("other", not "stop")',
    );
  });

  test('may not hold something that blocks itself', () => {
    const more = {
      nodes: { inner: { type: 'gain', taps: block } },
      edges: [{ from: 'inner', to: 'shaper' }],
    };
    const nested = held({
      nodes: { ...more.nodes, deep: { type: 'sine' } },
      edges: [...more.edges, { from: 'deep', to: 'inner' }],
      gates: [hold('stop', [1]), hold('deeper', [4])],
    });
    expect(says(nested)).toContain('and with it "inner", where "inner.in" blocks "deep.out"; one of the two can block');
  });

  test('may not work behind a look-ahead', () => {
    const more = {
      nodes: { ahead: { type: latentType(48) } },
      edges: [
        { from: 'source', to: 'ahead' },
        { from: 'ahead', to: 'shaper' },
      ],
    };
    expect(says(held(more))).toContain('but "shaper", which would stand, works 48 frames behind a look-ahead');
  });

  test('may end with a look-ahead', () => {
    const sketch = held({});
    expect(complaintsAbout({ ...sketch, nodes: { ...sketch.nodes, shaper: { type: latentType(48) } } })).toEqual([]);
  });

  test('may not be read earlier and later', () => {
    const more = {
      nodes: { other: { type: 'gain', taps: block }, ahead: { type: latentType(48) }, tone: { type: 'sine' } },
      edges: [
        { from: 'source', to: 'other' },
        { from: 'other', to: 'out' },
        { from: 'tone', to: 'ahead' },
        { from: 'ahead', to: 'other.gain' },
      ],
      gates: [hold('stop', [1, 3])],
    };
    expect(says(held(more))).toContain('which "other.in" reads 48 frames earlier or later');
  });
});

describe('an edge', () => {
  test('that no gate holds stops nothing, so what feeds it may play on', () => {
    expect(complaintsAbout(held({ edges: [{ from: 'source', to: 'out' }], gates: [] }))).toEqual([]);
  });

  test('of an input that blocks does so for all edges of the input', () => {
    const more = {
      nodes: { tone: { type: 'sine', taps: { out: { overflow: 'block' } } }, plain: { type: 'gain' } },
      edges: [
        { from: 'tone', to: 'plain' },
        { from: 'shaper', to: 'plain' },
        { from: 'plain', to: 'out' },
      ],
      gates: [hold('stop', [3, 4])],
    } as const;
    expect(says(held(more))).toContain('"plain.in" would block "shaper.out"');
  });
});

test('a part that stands runs after the signals that stop it', () => {
  const plan = planOf(
    held({ nodes: { mover: { type: 'square' } }, gates: [hold('stop', [1], [{ node: 4, output: 0, span }])] }),
  );
  const order = plan.components.flatMap(({ nodes }) => nodes.map((node) => plan.nodes[node]?.id));
  expect(order.indexOf('mover')).toBeLessThan(order.indexOf('source'));
});
