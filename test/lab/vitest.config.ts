import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/lab/**/*.test.ts'],
    // A case is one long computation: two at once would take as long as one after the other.
    fileParallelism: false,
    // A guest is ended before that: see runInGuest.
    testTimeout: 330_000,
    hookTimeout: 330_000,
  },
});
