import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complaintsAbout, edgeIn, nodeIn, planOf } from './compiling.js';
import type { EdgeSketch, NodeSketch } from './patch-builder.js';

function shapeOf(nodes: Readonly<Record<string, NodeSketch>>, edges: readonly EdgeSketch[], id: string) {
  const { batch, channels } = nodeIn(planOf({ nodes: { ...nodes, out: { type: 'output' } }, edges }), id);
  return [batch, channels];
}

describe('spreading', () => {
  test('1 spreads to n along every path, in whatever order the patch has the nodes', () => {
    const chain = fc.record({
      batch: fc.integer({ min: 1, max: 64 }),
      length: fc.integer({ min: 1, max: 6 }),
      order: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
    });
    fc.assert(
      fc.property(chain, ({ batch, length, order }) => {
        const links = Array.from({ length }, (_, index): [string, NodeSketch] => [`n${index}`, { type: 'gain' }]);
        const nodes = [['source', { type: 'noise', batch }] as [string, NodeSketch], ...links]
          .map((entry, index) => ({ entry, rank: order[index] ?? 0 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ entry }) => entry);
        const edges = links.map(([to], index) => ({ from: index === 0 ? 'source' : `n${index - 1}`, to }));
        expect(shapeOf(Object.fromEntries(nodes), edges, `n${length - 1}`)).toEqual([batch, 1]);
      }),
    );
  });

  test('sources meet exactly if all of their batches that are not 1 are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 }), (batches) => {
        const sources = batches.map((batch, index): [string, NodeSketch] => [`s${index}`, { type: 'noise', batch }]);
        const sketch = {
          nodes: { ...Object.fromEntries(sources), sum: { type: 'gain' }, out: { type: 'output' } },
          edges: sources.map(([from]) => ({ from, to: 'sum' })),
        };
        const meets = new Set(batches.filter((batch) => batch !== 1)).size <= 1;
        expect(complaintsAbout(sketch).length === 0).toBe(meets);
      }),
    );
  });

  test('a list of values gives a batch', () => {
    expect(shapeOf({ saw: { type: 'saw', parameters: { freq: [100, 200, 300] } } }, [], 'saw')).toEqual([3, 1]);
  });

  test('a modulation gives a batch', () => {
    const nodes = { lfo: { type: 'lfo', batch: 5 }, vca: { type: 'gain' } };
    expect(shapeOf(nodes, [{ from: 'lfo', to: 'vca.gain' }], 'vca')).toEqual([5, 1]);
  });

  test('a batch goes once round a loop', () => {
    const nodes = { noise: { type: 'noise', batch: 3 }, a: { type: 'gain' }, b: { type: 'gain' } };
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a', delay: 10 },
      { from: 'noise', to: 'b' },
    ];
    expect(shapeOf(nodes, edges, 'a')).toEqual([3, 1]);
  });

  test('keys have one lane for each voice', () => {
    expect(shapeOf({ keys: { type: 'keys', options: { voices: 7 } } }, [], 'keys')).toEqual([7, 1]);
  });
});

describe('pan', () => {
  const nodes = {
    noise: { type: 'noise', batch: 3 },
    pan: { type: 'pan' },
    after: { type: 'gain' },
    out: { type: 'output' },
  };
  const edges = [
    { from: 'noise', to: 'pan' },
    { from: 'pan', to: 'after' },
  ];

  test('takes one channel and gives two', () => {
    const pan = nodeIn(planOf({ nodes, edges }), 'pan');
    const shapes = [pan, ...pan.inputs, ...pan.outputs].map(({ batch, channels }) => [batch, channels]);
    expect(shapes).toEqual([
      [3, 1],
      [3, 1],
      [3, 2],
    ]);
  });

  test('what follows has two channels', () => {
    expect(shapeOf(nodes, edges, 'after')).toEqual([3, 2]);
  });

  test('two channels cannot be panned', () => {
    const again = { nodes: { ...nodes, again: { type: 'pan' } }, edges: [...edges, { from: 'after', to: 'again' }] };
    expect(complaintsAbout(again)).toEqual([
      '8: "after.out" (3, 2) does not meet "again.in" (3, 1): 1 spreads to n, 2 not to 1',
    ]);
  });
});

describe('sums', () => {
  const nodes = {
    many: { type: 'noise', batch: 16 },
    few: { type: 'noise', batch: 3 },
    pan: { type: 'pan' },
    mix: { type: 'mix' },
    out: { type: 'output' },
  };
  const edges = [
    { from: 'many', to: 'mix' },
    { from: 'few', to: 'pan' },
    { from: 'pan', to: 'mix' },
    { from: 'mix', to: 'out' },
  ];

  test('a mix takes edges of unlike batches and gives one of 1', () => {
    const mix = nodeIn(planOf({ nodes, edges }), 'mix');
    expect([mix.batch, mix.channels]).toEqual([1, 2]);
  });

  test('the input of a mix names the largest batch', () => {
    const [input] = nodeIn(planOf({ nodes, edges }), 'mix').inputs;
    expect([input?.batch, input?.channels]).toEqual([16, 2]);
  });

  test('a parameter of a sum takes one lane: many would not be summed', () => {
    const sketch = {
      nodes: { noise: { type: 'noise', batch: 17 }, sum: { type: 'limiter' }, out: { type: 'output' } },
      edges: [
        { from: 'noise', to: 'sum' },
        { from: 'noise', to: 'sum.release' },
        { from: 'sum', to: 'out' },
      ],
    };
    expect(complaintsAbout(sketch)).toEqual([
      expect.stringContaining('"noise.out" (17, 1) does not meet "sum.release" (1, 1)'),
    ]);
  });

  test('an output has the channels of its option', () => {
    const plan = planOf({
      nodes: { ...nodes, out: { type: 'output', options: { channels: 4 } } },
      edges: edges.slice(0, 2),
    });
    expect(nodeIn(plan, 'out').channels).toBe(4);
  });

  test('two channels do not spread to four', () => {
    const sketch = { nodes: { ...nodes, out: { type: 'output', options: { channels: 4 } } }, edges };
    expect(complaintsAbout(sketch)).toEqual([
      '9: "mix.out" (1, 2) does not meet "out.in" (1, 4): 1 spreads to n, 2 not to 4',
    ]);
  });
});

describe('shapes that do not meet', () => {
  test('are told with both taps and both shapes, at the second edge', () => {
    const sketch = {
      nodes: { keys: { type: 'keys' }, lfo: { type: 'lfo', batch: 4 }, saw: { type: 'saw' }, out: { type: 'output' } },
      edges: [
        { from: 'keys.freq', to: 'saw.freq' },
        { from: 'lfo', to: 'saw.phase' },
      ],
    };
    expect(complaintsAbout(sketch)).toEqual([
      '6: "lfo.out" (4, 1) does not meet "saw.phase" (16, 1), which has its batch from "keys.freq" (16, 1): 1 spreads to n, 4 not to 16',
    ]);
  });

  test('a batch of the node itself is told as such', () => {
    const nodes = { keys: { type: 'keys' }, saw: { type: 'saw', batch: 4, voicesOf: 'keys' }, out: { type: 'output' } };
    expect(complaintsAbout({ nodes })).toEqual([
      '2: the batch 4 and the 16 voices of "keys" do not meet in "saw": 1 spreads to n, 4 not to 16',
    ]);
  });

  test('too many lanes are refused', () => {
    expect(complaintsAbout({ nodes: { noise: { type: 'noise', batch: 5000 }, out: { type: 'output' } } })).toEqual([
      '1: "noise" has the shape (5000, 1), 5000 lanes; at most 4096 fit',
    ]);
  });

  test('a patch whose shapes meet keeps the edges in its order', () => {
    const plan = planOf({
      nodes: { sine: { type: 'sine' }, mix: { type: 'mix' }, out: { type: 'output' } },
      edges: [
        { from: 'mix', to: 'out' },
        { from: 'sine', to: 'mix' },
      ],
    });
    expect(plan.edges.indexOf(edgeIn(plan, 'sine', 'mix'))).toBe(1);
  });
});
