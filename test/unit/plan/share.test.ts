/** Threads that share a scenario send exactly what one thread would. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arrivals } from '../../../runner/plan/arrivals.ts';
import type { PlannedScenario, Spacing } from '../../../runner/plan/plan.ts';
import { sharesOf } from '../../../runner/plan/share.ts';
import { plannedScenario } from '../../support/plans.ts';

const spacing = fc.oneof(
  fc.record<Spacing & { type: 'even' }>({
    type: fc.constant('even'),
    phase: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  }),
  fc.record<Spacing & { type: 'poisson' }>({
    type: fc.constant('poisson'),
    seed: fc.nat(),
    stream: fc.string(),
  }),
  fc.constant<Spacing>({ type: 'herd' }),
);
const planned = fc
  .record({ spacing, arrivals: fc.nat(60), maxVUs: fc.integer({ min: 1, max: 30 }) })
  .map((parts) => plannedScenario(parts));
const workers = fc.integer({ min: 1, max: 8 });

function arrivalsOf(planned: PlannedScenario) {
  const all: { index: number; dueNs: number }[] = [];
  for (const arrivals = new Arrivals(planned); arrivals.dueNs < Infinity; arrivals.advance()) {
    expect(arrivals.passed).toBe(all.length);
    all.push({ index: arrivals.index, dueNs: arrivals.dueNs });
  }
  return all;
}

test('every arrival is in one share, at its time, and every VU too', () => {
  fc.assert(
    fc.property(planned, workers, (planned, workers) => {
      const shares = sharesOf(planned, workers);
      expect(shares.length).toBe(Math.min(workers, planned.maxVUs));
      const shared = shares.flatMap(arrivalsOf).sort((a, b) => a.index - b.index);
      expect(shared).toEqual(arrivalsOf(planned));
      expect(shares.reduce((sum, { maxVUs }) => sum + maxVUs, 0)).toBe(planned.maxVUs);
      expect(Math.min(...shares.map(({ maxVUs }) => maxVUs))).toBeGreaterThan(0);
      // None has more than its part.
      const sizes = shares.map((share) => arrivalsOf(share).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('a closed scenario is the work of one thread', () => {
  const closed = plannedScenario({ executor: 'constant-vus', spacing: { type: 'closed' }, maxVUs: 10 });
  expect(sharesOf(closed, 4)).toEqual([closed]);
});
