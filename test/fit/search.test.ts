import { describe, expect, test } from 'vitest';
import type { Coordinate } from '../../src/fit/coordinate.js';
import { coordinateOf } from '../../src/fit/coordinate.js';
import type { Judgement, Judging, SearchProgress, SearchSettings } from '../../src/fit/search.js';
import { search } from '../../src/fit/search.js';

const frequency = (value: number): Coordinate => {
  return coordinateOf({ value, minimum: 10, maximum: 20_000, unit: 'hertz', curve: 'exponential' });
};

const target = [440, 1500];

/** Sharp at the target as a norm is, with two values that depend on each other. */
function distanceTo(values: readonly number[]): Judgement {
  const [a, b] = values.map((value, place) => Math.log(value / (target[place] ?? 1))) as [number, number];
  const distance = Math.sqrt(a * a + b * b + a * b);
  const [byA, byB] = distance === 0 ? [0, 0] : [(2 * a + b) / (2 * distance), (2 * b + a) / (2 * distance)];
  return { distance, gradient: [byA / (values[0] ?? 1), byB / (values[1] ?? 1)] };
}

const settings: SearchSettings<string> = {
  coordinates: [frequency(880), frequency(300)],
  judge: async (values) => ({ ok: true, judgement: distanceTo(values) }),
  starts: 50,
  steps: 200,
};

async function found(change: Partial<SearchSettings<string>> = {}) {
  const searching = await search({ ...settings, ...change });
  if (!searching.ok) {
    throw new Error(searching.failure);
  }
  return searching.found;
}

describe('a search', () => {
  test('finds the values within a thousandth', async () => {
    const { values, distance, distanceBefore } = await found();
    values.forEach((value, place) => {
      expect(Math.abs(value / (target[place] ?? 0) - 1)).toBeLessThan(0.001);
    });
    expect(distance).toBeLessThan(distanceBefore / 1000);
  });

  test('asks for gradients at its first point and on the way down only', async () => {
    const asked: boolean[] = [];
    const { starts, steps } = await found({
      judge: async (values, { needsGradient }) => {
        asked.push(needsGradient);
        return { ok: true, judgement: distanceTo(values) };
      },
    });
    expect(starts).toBe(8);
    expect(asked).toEqual([true, ...new Array(starts).fill(false), ...new Array(steps).fill(true)]);
  });

  test('goes down from the best of its starts', async () => {
    const starts: number[] = [];
    const onTheWay: number[] = [];
    await found({
      steps: 1,
      judge: async (values, { needsGradient }) => {
        const { distance } = distanceTo(values);
        (needsGradient ? onTheWay : starts).push(distance);
        return { ok: true, judgement: distanceTo(values) };
      },
    });
    // The first point is judged with a gradient, too.
    expect(onTheWay[1]).toBe(Math.min(onTheWay[0] ?? 0, ...starts));
  });

  test('begins anew from another start where it was led into a hollow', async () => {
    // In octaves from 300 Hz: a hollow at 0.2, and what is wanted at -1.4.
    const judgementAt = (octaves: number) => {
      const [hollow, wanted] = [0.3 + (octaves - 0.2) ** 2, 20 * (octaves + 1.4) ** 2];
      const slope = hollow < wanted ? 2 * (octaves - 0.2) : 40 * (octaves + 1.4);
      return { distance: Math.min(hollow, wanted), slope };
    };
    const { values, distance } = await found({
      coordinates: [frequency(300)],
      judge: async ([hertz = 0]) => {
        const { distance: judged, slope } = judgementAt(Math.log2(hertz / 300));
        return { ok: true, judgement: { distance: judged, gradient: [slope / (hertz * Math.LN2)] } };
      },
    });
    expect(distance).toBeLessThan(1e-3);
    expect(Math.log2((values[0] ?? 0) / 300)).toBeCloseTo(-1.4, 2);
  });

  test('keeps to the limits', async () => {
    const coordinate = coordinateOf({ value: 20, minimum: 10, maximum: 100, unit: 'hertz', curve: 'exponential' });
    const { values } = await found({ coordinates: [coordinate, frequency(300)] });
    expect(values[0]).toBeCloseTo(100);
  });

  test('gives the best so far when it is interrupted', async () => {
    const controller = new AbortController();
    let judged = 0;
    const { values, distance, isInterrupted, steps } = await found({
      signal: controller.signal,
      judge: async (of) => {
        judged += 1;
        if (judged === 30) {
          controller.abort();
        }
        return { ok: true, judgement: distanceTo(of) };
      },
    });
    expect({ isInterrupted, steps }).toEqual({ isInterrupted: true, steps: 21 });
    expect(distanceTo(values).distance).toBeCloseTo(distance);
  });

  test('tells how far it is, and how long it will take', async () => {
    const told: SearchProgress[] = [];
    await found({ onProgress: (progress) => told.push(progress) });
    expect(told[0]).toMatchObject({ phase: 'starts', done: 1, all: 8 });
    const shares = told.map(({ share }) => share);
    expect(shares.at(-1)).toBeGreaterThan(0.5);
    expect(Math.min(...told.map(({ secondsLeft }) => secondsLeft))).toBeGreaterThanOrEqual(0);
  });

  test('names what makes no difference', async () => {
    const { idle } = await found({ coordinates: [...settings.coordinates, frequency(100)] });
    expect(idle).toEqual([2]);
  });

  test('fails with what judging fails with', async () => {
    const judge = async (): Promise<Judging<string>> => ({ ok: false, failure: 'no gradient' });
    expect(await search({ ...settings, judge })).toEqual({ ok: false, failure: 'no gradient' });
  });
});
