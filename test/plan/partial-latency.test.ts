import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupOf } from '../../src/plan/analysis/partial-latency.js';

const costs = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 9 });
const most = fc.integer({ min: 1, max: 6 });

/** What the dearest group costs. */
function dearest(row: readonly number[], groups: readonly number[]): number {
  const sums = new Map<number, number>();
  row.forEach((cost, index) => {
    const group = groups[index] ?? 0;
    sums.set(group, (sums.get(group) ?? 0) + cost);
  });
  return Math.max(0, ...sums.values());
}

/** By definition: the cheapest dearest group of all ways to cut a row into so many groups. */
function bestOf(row: readonly number[], groups: number): number {
  if (groups === 1 || row.length < 2) {
    return row.reduce((sum, cost) => sum + cost, 0);
  }
  const ways = row.map((_, cut) =>
    Math.max(
      row.slice(0, cut + 1).reduce((sum, cost) => sum + cost, 0),
      bestOf(row.slice(cut + 1), groups - 1),
    ),
  );
  return Math.min(...ways);
}

describe('stages in groups', () => {
  test('are neighbours, from group 0 on, without a group left out, in as many groups as may be at most', () => {
    fc.assert(
      fc.property(costs, most, (row, groups) => {
        const found = groupOf(row, groups);
        expect(found).toHaveLength(row.length);
        expect(found[0] ?? 0).toBe(0);
        for (const [index, group] of found.entries()) {
          expect([0, 1]).toContain(group - (found[index - 1] ?? 0));
          expect(group).toBeLessThan(groups);
        }
      }),
    );
  });

  test('have a dearest group as cheap as can be', () => {
    fc.assert(
      fc.property(costs, most, (row, groups) => {
        expect(dearest(row, groupOf(row, groups))).toBe(bestOf(row, groups));
      }),
    );
  });

  test('take no block of latency that makes none of them cheaper', () => {
    fc.assert(
      fc.property(costs, most, (row, groups) => {
        const taken = Math.max(0, ...groupOf(row, groups)) + 1;
        expect(taken === 1 || bestOf(row, taken - 1) > bestOf(row, taken)).toBe(true);
      }),
    );
  });

  test('are found at once for thousands', () => {
    expect(
      groupOf(
        Array.from({ length: 20_000 }, () => 1),
        4,
      ).at(-1),
    ).toBe(3);
  });
});
