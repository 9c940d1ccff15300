// Loops of any length, one in the other and across each other, against the sum that a patch writes, frame by frame.

import { describe, expect, test } from 'vitest';
import { everyCut, streamOf } from './streams.js';

interface Way {
  readonly from: string;
  readonly to: string;
  readonly delay?: number;
  readonly gain: number;
}

const at = 1000;
const frames = at + 3000;

/** All nodes are sums, in an order in which edges without delay go forward; the first is hit by one frame of 0.5. */
function meant(sums: readonly string[], ways: readonly Way[]): Float32Array {
  const made = new Map(sums.map((id) => [id, new Float32Array(frames)]));
  for (let frame = 0; frame < frames; frame += 1) {
    for (const [index, id] of sums.entries()) {
      const hit = index === 0 && frame === at ? 0.5 : 0;
      const incoming = ways.filter(({ to }) => to === id);
      const sum = incoming.reduce(
        (so, { from, delay = 0, gain }) => so + gain * (made.get(from)?.[frame - delay] ?? 0),
        hit,
      );
      (made.get(id) as Float32Array)[frame] = sum;
    }
  }
  return made.get(sums.at(-1) ?? '') as Float32Array;
}

/** The same as a patch; the last sum is heard. */
const patchOf = (sums: readonly string[], ways: readonly Way[]) => ({
  nodes: {
    keys: { type: 'keys', voices: 1 },
    one: { type: 'constant', value: 0.5 },
    hit: { type: 'gain', gain: 0 },
    ...Object.fromEntries(sums.map((id) => [id, { type: 'mix' }])),
    out: { type: 'output', channels: 1 },
  },
  edges: [
    { from: 'one', to: 'hit' },
    { from: 'keys.gate', to: 'hit.gain' },
    { from: 'hit', to: sums[0] },
    ...ways,
    { from: sums.at(-1), to: 'out' },
  ],
});

const events = [
  { type: 'note_on', channel: 1, note: 60, velocity: 1, frame: at },
  { type: 'note_off', channel: 1, note: 60, frame: at + 1 },
] as const;

// Gains and the hit are powers of two, so that the first rounds are exact whatever is summed first.
const cases: readonly (readonly [string, readonly string[], readonly Way[]])[] = [
  ['of one frame', ['a'], [{ from: 'a', to: 'a', delay: 1, gain: -0.5 }]],
  ['of three frames, a comb', ['a'], [{ from: 'a', to: 'a', delay: 3, gain: -0.5 }]],
  [
    'over three edges of one frame',
    ['a', 'b', 'c'],
    [
      { from: 'a', to: 'b', delay: 1, gain: -1 },
      { from: 'b', to: 'c', delay: 1, gain: 1 },
      { from: 'c', to: 'a', delay: 1, gain: 0.5 },
    ],
  ],
  [
    'in a loop',
    ['a', 'b', 'c'],
    [
      { from: 'a', to: 'b', gain: 1 },
      { from: 'b', to: 'b', delay: 7, gain: -0.5 },
      { from: 'b', to: 'c', gain: 1 },
      { from: 'c', to: 'a', delay: 500, gain: -0.5 },
    ],
  ],
  [
    'across another',
    ['a', 'b', 'c', 'd'],
    [
      { from: 'a', to: 'b', gain: 1 },
      { from: 'b', to: 'c', gain: -0.5 },
      { from: 'c', to: 'a', delay: 65, gain: 0.5 },
      { from: 'c', to: 'd', gain: 1 },
      { from: 'd', to: 'b', delay: 300, gain: -0.5 },
    ],
  ],
];

describe.each(cases)('A loop %s', (_name, sums, ways) => {
  test('gives what the sum of its delayed frames is, on every frame, in any block with any workers', async () => {
    const expected = meant(sums, ways);
    expect(expected.filter((sample) => sample !== 0).length).toBeGreaterThan(3);
    for (const cut of everyCut) {
      const heard = await streamOf(patchOf(sums, ways), { frames, events, ...cut });
      const worst = heard.reduce((most, sample, frame) => Math.max(most, Math.abs(sample - (expected[frame] ?? 0))), 0);
      expect(worst).toBeLessThan(1e-7);
    }
  });
});
