import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Benchmarks and tests that need the lab's guest machine are run by hand.
    exclude: ['test/bench/**', 'test/lab/**'],
    // An acceptance test renders whole patches in a child process, on machines with as few as two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
