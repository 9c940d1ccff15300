import { describe, expect, test } from 'vitest';
import type { Movable } from '../../src/fit/coordinate.js';
import { coordinateOf } from '../../src/fit/coordinate.js';

const cutoff: Movable = { value: 1000, minimum: 10, maximum: 20_000, unit: 'hertz', curve: 'exponential' };
const resonance: Movable = { value: 0.3, minimum: 0, maximum: 0.99, unit: 'none', curve: 'linear' };
const gain: Movable = { value: -0.5, minimum: -16, maximum: 16, unit: 'ratio', curve: 'linear' };
const attack: Movable = { value: 0, minimum: 0, maximum: 60, unit: 'seconds', curve: 'exponential' };
const depth: Movable = { value: 0, minimum: -1e6, maximum: 1e6, unit: 'hertz', curve: 'linear' };
const all = { cutoff, resonance, gain, attack, depth };

describe.each(Object.entries(all))('the coordinate of a %s', (_, movable) => {
  const { start, least, most, grid, valueAt, slopeAt } = coordinateOf(movable);

  test('begins at the value, or so near that nobody hears it', () => {
    expect(Math.abs(valueAt(start) - movable.value)).toBeLessThanOrEqual(1.01e-4 + 1e-9 * Math.abs(movable.value));
    expect(grid[0]).toBe(start);
  });

  test('stays within the limits at both ends', () => {
    const room = 1e-9 * Math.abs(movable.maximum);
    for (const end of [valueAt(least), valueAt(most)]) {
      expect(end).toBeGreaterThanOrEqual(movable.minimum - room);
      expect(end).toBeLessThanOrEqual(movable.maximum + room);
    }
    for (const position of grid) {
      expect(position).toBeGreaterThanOrEqual(least);
      expect(position).toBeLessThanOrEqual(most);
    }
  });

  test('has the slope of its values', () => {
    const step = 1e-6;
    const position = start + 0.1;
    const slope = (valueAt(position + step) - valueAt(position - step)) / (2 * step);
    expect(slopeAt(position)).toBeCloseTo(slope, 4);
  });
});

test('a step of a frequency is an octave', () => {
  const { start, valueAt } = coordinateOf(cutoff);
  expect(valueAt(start + 1)).toBeCloseTo(2000);
});

test('a loudness keeps its sign', () => {
  const { start, valueAt } = coordinateOf(gain);
  expect(valueAt(start - 1)).toBeCloseTo(-0.25);
});

test('what is in a range of its own is searched from end to end', () => {
  const { grid, valueAt } = coordinateOf(resonance);
  expect(Math.min(...grid.map(valueAt))).toBeLessThan(0.2);
  expect(Math.max(...grid.map(valueAt))).toBeGreaterThan(0.8);
});
