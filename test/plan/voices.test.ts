import { describe, expect, test } from 'vitest';
import { complaintsAbout, planOf } from './compiling.js';
import type { PatchSketch } from './patch-builder.js';
import { literal, nodeType } from './patch-builder.js';

/** Sixteen voices of saw and envelope through a gain into a mix. */
const pad = {
  nodes: {
    out: { type: 'output' },
    keys: { type: 'keys', options: { channel: 3 } },
    saw: { type: 'saw' },
    envelope: { type: 'adsr', parameters: { release: literal(400, 'milliseconds') } },
    vca: { type: 'gain' },
    mix: { type: 'mix' },
  },
  edges: [
    { from: 'keys.freq', to: 'saw.freq' },
    { from: 'keys.gate', to: 'envelope.gate' },
    { from: 'saw', to: 'vca' },
    { from: 'envelope', to: 'vca.gain' },
    { from: 'vca', to: 'mix' },
    { from: 'mix', to: 'out' },
  ],
} satisfies PatchSketch;

function groupOf(sketch: PatchSketch, sampleRate?: number) {
  const plan = planOf(sketch, sampleRate);
  const [group] = plan.voiceGroups;
  if (group === undefined) {
    throw new Error('no voice group');
  }
  return { ...group, ids: group.members.map((node) => plan.nodes[node]?.id), plan };
}

describe('members', () => {
  test('are the keys and what they feed, up to the mix', () => {
    expect(groupOf(pad).ids).toEqual(['keys', 'saw', 'envelope', 'vca']);
  });

  test('name their group, and the others none', () => {
    expect(planOf(pad).nodes.map(({ voiceGroup }) => voiceGroup)).toEqual([null, 0, 0, 0, 0, null]);
  });

  test('a node joins by voices_of', () => {
    const sketch = { ...pad, nodes: { ...pad.nodes, lfo: { type: 'lfo', voicesOf: 'keys' } } };
    expect(groupOf(sketch).ids).toContain('lfo');
  });

  test('what a node that joined feeds joins too', () => {
    const sketch = {
      nodes: { ...pad.nodes, noise: { type: 'noise', voicesOf: 'keys' }, filter: { type: 'svf' } },
      edges: [...pad.edges, { from: 'noise', to: 'filter' }],
    };
    expect(groupOf(sketch).ids).toContain('filter');
  });

  test('lanes and channel are those of the keys', () => {
    const { lanes, channel } = groupOf(pad);
    expect([lanes, channel]).toEqual([16, 3]);
  });

  test('the exits are the edges that leave', () => {
    expect(groupOf(pad).exitEdges).toEqual([4]);
  });

  test('the envelopes are the members that end a voice', () => {
    expect(groupOf(pad).envelopes).toEqual([3]);
  });
});

describe('groups that meet', () => {
  const two = {
    nodes: { ...pad.nodes, other: { type: 'keys' } },
    edges: [...pad.edges, { from: 'other.velocity', to: 'vca' }],
  };

  test('are refused, and both are named with their way', () => {
    expect(complaintsAbout(two)).toEqual([
      '5: voices of "keys" (through "saw.out") and of "other" (through "other.velocity") meet in "vca"; a node has the voices of ' +
        'one: sum the others in a mix first',
    ]);
  });

  test('may meet in a mix', () => {
    const edges = [...pad.edges, { from: 'other.velocity', to: 'mix' }];
    expect(planOf({ ...two, edges }).voiceGroups).toHaveLength(2);
  });

  test('cannot be joined one in the other', () => {
    const nodes = { ...pad.nodes, other: { type: 'keys', voicesOf: 'keys' } };
    expect(complaintsAbout({ ...pad, nodes })[0]).toMatch(
      /"keys" \(through "voices_of"\) and of "other" \(it makes them\) meet in "other"/,
    );
  });

  test('a batch inside of a single voice is refused where it begins', () => {
    const nodes = { ...pad.nodes, keys: { type: 'keys', options: { voices: 1 } }, saw: { type: 'saw', batch: 4 } };
    expect(complaintsAbout({ ...pad, nodes })).toEqual([
      '3: "saw" has a batch of 4, but belongs to the one voice of "keys"; a batch of 1 fits',
    ]);
  });
});

describe('ring', () => {
  const frame = 1; // What the planner adds so as never to be too short.

  test('is the release where nothing else sounds on', () => {
    expect(groupOf(pad).ring).toBe(19_200 + frame);
  });

  test('follows the sample rate', () => {
    expect(groupOf(pad, 96_000).ring).toBe(38_400 + frame);
  });

  test('is that of the longest release in the batch', () => {
    const release = Array.from({ length: 16 }, (_, index) => literal(index * 10, 'milliseconds'));
    const nodes = { ...pad.nodes, envelope: { type: 'adsr', parameters: { release } } };
    expect(groupOf({ ...pad, nodes }).ring).toBe(7200 + frame);
  });

  test('is the default release where the patch writes none', () => {
    const release = nodeType('adsr').parameters.find(({ name }) => name === 'release')?.default ?? 0;
    expect(groupOf({ ...pad, nodes: { ...pad.nodes, envelope: { type: 'adsr' } } }).ring).toBe(
      release * 48_000 + frame,
    );
  });

  test('a member with a tail lengthens it', () => {
    const tailed = { ...nodeType('gain'), name: 'tailed', tail: 0.25 };
    expect(groupOf({ ...pad, nodes: { ...pad.nodes, vca: { type: tailed } } }).ring).toBe(19_200 + 12_000 + frame);
  });

  test('a delay between members lengthens it', () => {
    const edges = pad.edges.map((edge) => (edge.from === 'saw' ? { ...edge, delay: 480 } : edge));
    expect(groupOf({ ...pad, edges }).ring).toBe(19_200 + 480 + frame);
  });

  const releaseIndex = nodeType('adsr').parameters.findIndex(({ name }) => name === 'release');

  const endless: readonly [string, PatchSketch][] = [
    [
      'there is no envelope',
      {
        ...pad,
        nodes: { ...pad.nodes, envelope: { type: 'gain' } },
        edges: pad.edges.map((edge) => (edge.to === 'envelope.gate' ? { ...edge, to: 'envelope' } : edge)),
      },
    ],
    ['a release is modulated', { ...pad, edges: [...pad.edges, { from: 'keys.velocity', to: 'envelope.release' }] }],
    ['a member is in a loop', { ...pad, edges: [...pad.edges, { from: 'vca', to: 'vca', delay: 100 }] }],
    [
      'a tail never ends',
      { ...pad, nodes: { ...pad.nodes, vca: { type: { ...nodeType('gain'), name: 'endless', tail: -1 } } } },
    ],
    [
      'a control moves a release',
      {
        ...pad,
        controls: [
          {
            span: { offset: 0, length: 0 },
            from: { type: 'key', key: 'g' },
            to: { type: 'parameter', node: 3, parameter: releaseIndex },
            range: [literal(0, 'plain'), literal(1, 'plain')],
            curve: 'linear',
            align: true,
          },
        ],
      },
    ],
  ];

  test.each(endless)('is endless where %s', (_, sketch) => {
    expect(groupOf(sketch).ring).toBe('endless');
  });
});
