import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOOP_STAGES, stageLimits } from '../../../runner/plan/loop.ts';

const executor = 'constant-arrival-rate' as const;

test('what waits for an agent has the time of two polls and some more; what is named is as named', () => {
  expect(stageLimits(undefined, { pollMs: 30_000, deadlineMs: 300_000, executor })).toEqual({
    ...{ accept: 30_000, csr: 70_000, sign: 30_000, claim: 70_000, deploy: 30_000, serve: 15_000 },
  });
  expect(stageLimits({ csr: 5, serve: undefined }, { pollMs: 100, deadlineMs: 300_000, executor })).toEqual({
    ...{ accept: 30_000, csr: 5, sign: 30_000, claim: 10_200, deploy: 30_000, serve: 15_000 },
  });
});

test('in a herd what waits for an agent has all the time of a loop', () => {
  expect(stageLimits({ claim: 5 }, { pollMs: 100, deadlineMs: 300_000, executor: 'herd' })).toMatchObject({
    ...{ accept: 30_000, csr: 300_000, claim: 5, deploy: 30_000 },
  });
});

test('no stage may last longer than the whole loop', () => {
  const ms = fc.integer({ min: 1, max: 600_000 });
  fc.assert(
    fc.property(ms, ms, (pollMs, deadlineMs) => {
      const limits = stageLimits({}, { pollMs, deadlineMs, executor });
      for (const stage of LOOP_STAGES) expect(limits[stage]).toBeLessThanOrEqual(deadlineMs);
    }),
  );
});
