import { describe, expect, test } from 'vitest';
import { complaintsAbout, nodeIn, planOf } from './compiling.js';
import type { NodeSketch, PatchSketch } from './patch-builder.js';
import { literal } from './patch-builder.js';

/** sine -> gain (after 480 frames) -> output. */
function chain(gain: Partial<NodeSketch> = {}, sine: Partial<NodeSketch> = {}): PatchSketch {
  return {
    nodes: { sine: { type: 'sine', ...sine }, gain: { type: 'gain', ...gain }, out: { type: 'output' } },
    edges: [
      { from: 'sine', to: 'gain', delay: 480 },
      { from: 'gain', to: 'out' },
    ],
  };
}

describe('inputs', () => {
  test('have 60 s of lag where the patch says nothing', () => {
    expect(nodeIn(planOf(chain()), 'gain').inputs[0]).toMatchObject({
      asks: 0,
      maxFrames: 2_880_000,
      overflow: 'drop_oldest',
      absent: 'default',
    });
  });

  test('have what the patch asks for', () => {
    const taps = {
      in: { asks: literal(10, 'frames'), maxFrames: literal(1, 'seconds'), absent: 'hold', overflow: 'block' },
    } as const;
    expect(nodeIn(planOf(chain({ taps })), 'gain').inputs[0]).toMatchObject({
      asks: 10,
      maxFrames: 48_000,
      overflow: 'block',
      absent: 'hold',
    });
  });

  test('a delay of more than 60 s makes room for itself', () => {
    const sketch = chain();
    const edges = [{ from: 'sine', to: 'gain', delay: literal(90, 'seconds') }];
    expect(nodeIn(planOf({ ...sketch, edges }), 'gain').inputs[0]?.maxFrames).toBe(4_320_000);
  });

  test('block because of the output that they read, if they say nothing themselves', () => {
    const sine = { taps: { out: { overflow: 'block' } } } as const;
    expect(nodeIn(planOf(chain({}, sine)), 'gain').inputs[0]?.overflow).toBe('block');
  });

  test('decide for themselves against the output that they read', () => {
    const sine = { taps: { out: { overflow: 'block' } } } as const;
    const gain = { taps: { in: { overflow: 'drop_oldest' } } } as const;
    expect(nodeIn(planOf(chain(gain, sine)), 'gain').inputs[0]?.overflow).toBe('drop_oldest');
  });
});

describe('outputs', () => {
  test('keep as much as the reader that is furthest behind needs', () => {
    const sketch = chain({ taps: { in: { asks: literal(32, 'frames') } } });
    const plan = planOf({ ...sketch, edges: [...(sketch.edges ?? []), { from: 'sine', to: 'out', delay: 100 }] });
    expect(nodeIn(plan, 'sine').outputs[0]?.history).toBe(512);
  });

  test('keep what a modulation needs', () => {
    const sketch = chain();
    const plan = planOf({ ...sketch, edges: [{ from: 'sine', to: 'gain.gain', delay: 77 }] });
    expect(nodeIn(plan, 'sine').outputs[0]?.history).toBe(77);
  });

  test('have the smallest max_frames of all readers', () => {
    const sketch = chain({ taps: { in: { maxFrames: literal(1000, 'frames') } } });
    expect(nodeIn(planOf(sketch), 'sine').outputs[0]?.maxFrames).toBe(1000);
  });

  test('that nobody reads keep nothing', () => {
    expect(nodeIn(planOf({ ...chain(), edges: [] }), 'sine').outputs[0]?.history).toBe(0);
  });
});

describe('terms that disagree', () => {
  test('a reader further behind than another one allows is refused, and both taps are named', () => {
    const sketch = chain({ taps: { in: { maxFrames: literal(1000, 'frames') } } });
    const complaints = complaintsAbout({
      ...sketch,
      edges: [...(sketch.edges ?? []), { from: 'sine', to: 'out', delay: 5000 }],
    });
    expect(complaints).toEqual([
      '2: max_frames of "gain.in" is 1000 frames, but "out.in" reads "sine.out" up to 5000 frames back; at least 5000 frames fit',
    ]);
  });

  test('a reader further behind than the output allows is refused', () => {
    const sketch = chain({}, { taps: { out: { maxFrames: literal(5, 'milliseconds') } } });
    expect(complaintsAbout(sketch)[0]).toMatch(
      'max_frames of "sine.out" is 240 frames, but "gain.in" reads "sine.out" up to 480',
    );
  });

  test('a reader that blocks is refused where it would starve another path to an output', () => {
    const sketch = chain({ taps: { in: { overflow: 'block' } } });
    const complaints = complaintsAbout({ ...sketch, edges: [...(sketch.edges ?? []), { from: 'sine', to: 'out' }] });
    expect(complaints).toEqual([
      '2: "gain.in" would block "sine.out", and so starve the path to an output through "out.in"; "drop_oldest" fits',
    ]);
  });

  test('a reader that blocks is accepted where the other path leads nowhere', () => {
    const sketch = chain({ taps: { in: { overflow: 'block' } } });
    const nodes = { ...sketch.nodes, deaf: { type: 'gain' } };
    expect(complaintsAbout({ nodes, edges: [...(sketch.edges ?? []), { from: 'sine', to: 'deaf' }] })).toEqual([]);
  });
});

describe('times', () => {
  test.each([
    [literal(480, 'plain'), 480],
    [literal(480, 'frames'), 480],
    [literal(10, 'milliseconds'), 480],
    [literal(0.5, 'seconds'), 24_000],
    [literal(3 / 16, 'whole_notes'), 22_500],
    [literal(2, 'bars'), 180_000],
  ])('a delay of %o is %d frames at 48 kHz, tempo 96 and 3/4', (delay, frames) => {
    const plan = planOf({
      ...chain(),
      tempo: 96,
      meter: { numerator: 3, denominator: 4 },
      edges: [{ from: 'sine', to: 'gain', delay }],
    });
    expect(plan.edges[0]?.delay).toBe(frames);
  });

  test('a delay that no engine can hold is refused', () => {
    expect(
      complaintsAbout({ ...chain(), edges: [{ from: 'sine', to: 'gain', delay: literal(1e6, 'seconds') }] }),
    ).toEqual(['4: delay 1000000 s is 48000000000 frames; at most 4294967296 fit (24.9 hours at 48000 Hz)']);
  });

  test('a sample rate that no engine can run at is refused', () => {
    expect(complaintsAbout(chain(), 4000)).toEqual(['1: a sample rate of 4000 Hz; 8000 to 768000 Hz fit']);
  });
});
