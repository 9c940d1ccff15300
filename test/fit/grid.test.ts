import { expect, test } from 'vitest';
import { gridPoints } from '../../src/fit/grid.js';

const three = [0, 1, 2];

test('a small grid has every point once, and the first values together come first', () => {
  const points = gridPoints([three, [0, 1]], 100);
  expect(points[0]).toEqual([0, 0]);
  expect(new Set(points.map(String)).size).toBe(6);
  expect(points).toHaveLength(6);
});

test('a large grid is thinned out, and each value of each coordinate is still there about as often', () => {
  const points = gridPoints(new Array(6).fill(three), 100);
  expect(points).toHaveLength(100);
  for (let coordinate = 0; coordinate < 6; coordinate++) {
    for (const value of three) {
      const count = points.filter((point) => point[coordinate] === value).length;
      expect(count).toBeGreaterThan(23);
      expect(count).toBeLessThan(43);
    }
  }
});
