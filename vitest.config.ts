import { defineConfig } from 'vitest/config';

/**
 * Three kinds of tests, each a project of its own so that the fast ones can be run alone: unit (no I/O beyond
 * loopback), program (Pulumi mocks), e2e (real engine, real containers). They run one kind after the other:
 * e2e tests measure the machine.
 */
const project = (
  name: string,
  groupOrder: number,
  timeouts: { testTimeout: number; hookTimeout: number },
) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], sequence: { groupOrder }, ...timeouts },
});

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line.ts'],
    projects: [
      project('unit', 0, { testTimeout: 30_000, hookTimeout: 30_000 }),
      project('program', 1, { testTimeout: 60_000, hookTimeout: 60_000 }),
      {
        test: {
          ...project('e2e', 2, { testTimeout: 300_000, hookTimeout: 300_000 }).test,
          // One stack's load at a time.
          fileParallelism: false,
        },
      },
    ],
  },
});
