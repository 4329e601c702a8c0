import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timeline } from '../../../runner/plan/timeline.ts';
import { plannedScenario } from '../../support/plans.ts';

const scenario = fc.record({
  periodNs: fc.double({ min: 1e5, max: 1e9, noNaN: true }),
  firstNs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  arrivals: fc.integer({ min: 0, max: 50 }),
});

test('every arrival of every scenario comes once, in the order of their times', () => {
  fc.assert(
    fc.property(fc.array(scenario, { maxLength: 5 }), (parts) => {
      const scenarios = parts.map((part) => plannedScenario(part));
      const timeline = new Timeline(scenarios);
      const seen: string[] = [];
      let before = -Infinity;
      while (timeline.dueNs < Infinity) {
        const { scenario, arrival, dueNs } = timeline;
        expect(dueNs).toBeGreaterThanOrEqual(before);
        // Absolute: no drift, however many arrivals there are.
        const { firstNs = 0, periodNs = 0 } = parts[scenario] ?? {};
        expect(dueNs).toBeCloseTo(firstNs + arrival * periodNs, 2);
        seen.push(`${scenario}/${arrival}`);
        before = dueNs;
        timeline.advance();
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBe(scenarios.reduce((sum, { arrivals }) => sum + arrivals, 0));
    }),
  );
});
