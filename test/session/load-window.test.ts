import { expect, test } from 'vitest';
import { LoadWindow } from '../../src/session/load-window.js';

test('a stream that has made nothing has no load', () => {
  const window = new LoadWindow();
  window.add({ made: 0, load: { mean: 0, worst: 0 } }, 0);
  expect(window.load()).toEqual({ mean: 0, worst: 0 });
});

test('the mean counts every frame alike, and the worst is the worst of all', () => {
  const window = new LoadWindow();
  window.add({ made: 100, load: { mean: 0.1, worst: 0.9 } }, 0);
  window.add({ made: 400, load: { mean: 0.5, worst: 0.6 } }, 50);
  expect(window.load().mean).toBeCloseTo(0.4, 12);
  expect(window.load().worst).toBe(0.9);
});

test('what is older than a second is forgotten', () => {
  const window = new LoadWindow();
  window.add({ made: 100, load: { mean: 0.9, worst: 2 } }, 0);
  window.add({ made: 200, load: { mean: 0.2, worst: 0.3 } }, 1000);
  expect(window.load()).toEqual({ mean: 0.2, worst: 0.3 });
});

test('a look between two blocks changes nothing', () => {
  const window = new LoadWindow();
  window.add({ made: 4096, load: { mean: 0.3, worst: 0.4 } }, 0);
  window.add({ made: 4096, load: { mean: 0, worst: 0 } }, 50);
  expect(window.load()).toEqual({ mean: 0.3, worst: 0.4 });
});
