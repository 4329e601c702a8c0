import { defineConfig } from 'vitest/config';

// Three kinds of tests, each its own project, so that the fast ones can be run alone:
// unit (no I/O beyond loopback), program (Pulumi mocks), e2e (real engine, real containers).
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000 } },
      { test: { name: 'program', include: ['test/program/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          // One stack's load at a time: the machine is what is measured.
          fileParallelism: false,
        },
      },
    ],
  },
});
