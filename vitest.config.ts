import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Threads without isolation: hundreds of small files would otherwise spend their time on starting up.
    // So a test leaves no global state behind.
    pool: 'threads',
    isolate: false,
    // Half of the time is spent waiting for the commands that tests start.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
