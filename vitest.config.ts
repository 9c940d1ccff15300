import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Benchmarks and the lab's guest machine have runners of their own.
    exclude: ['test/bench/**', 'test/lab/**'],
    // An acceptance test renders whole patches in a child process, on machines with as few as two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests wait for a child process, so no core is left for the main process.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'main',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/live/**', 'test/bench/**', 'test/lab/**'],
        },
      },
      {
        extends: true,
        // What listens to time has the machine to itself: after all others, one file at a time.
        test: {
          name: 'live',
          include: ['test/live/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
        },
      },
    ],
  },
});
