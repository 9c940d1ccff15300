import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/lab/**/*.test.ts'],
    // A guest takes both cores of a small machine, and what it hears must not falter.
    fileParallelism: false,
    // Each case ends its guest before that: see runInGuest.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
