import { expect, test } from 'vitest';
import { formatProgress } from '../../src/cli/progress-bar.js';

const rate = 48_000;
const half = { framesDone: 30 * rate, frames: 60 * rate, sampleRate: rate, timesRealTime: 10 };

test('the bar tells share, speed and time left', () => {
  expect(formatProgress(half, 80)).toBe(`[${'#'.repeat(20)}${'.'.repeat(20)}]  50 %  10x real time  0:03 left`);
});

test('the bar counts hours', () => {
  expect(formatProgress({ ...half, timesRealTime: 30 / 4096 }, 80)).toContain('0.01x real time  1:08:16 left');
});

test('the bar says nothing of the time left before it knows', () => {
  expect(formatProgress({ framesDone: 0, frames: rate, sampleRate: rate, timesRealTime: 0 }, 80)).not.toContain('left');
});

test.each([10, 20, 40, 60, 80, 200])('the bar fits a terminal of %d columns', (columns) => {
  expect(formatProgress(half, columns).length).toBeLessThan(columns);
});
