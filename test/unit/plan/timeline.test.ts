import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intendedNs } from '../../../runner/plan/plan.ts';
import { dueBy, Timeline } from '../../../runner/plan/timeline.ts';
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
        expect(dueNs).toBe(
          (scenarios[scenario]?.firstNs ?? 0) + arrival * (scenarios[scenario]?.periodNs ?? 0),
        );
        seen.push(`${scenario}/${arrival}`);
        before = dueNs;
        timeline.advance();
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length).toBe(scenarios.reduce((sum, { arrivals }) => sum + arrivals, 0));
    }),
  );
});

test('dueBy counts the arrivals whose time has come', () => {
  fc.assert(
    fc.property(scenario, fc.double({ min: -1e9, max: 1e11, noNaN: true }), (part, ns) => {
      const planned = plannedScenario(part);
      const times = Array.from({ length: planned.arrivals }, (_, index) => intendedNs(planned, index));
      // At the very nanosecond of an arrival, floating point may see it on either side.
      const near = times.some((time) => Math.abs(time - ns) < 1e-3);
      if (!near) expect(dueBy(planned, ns)).toBe(times.filter((time) => time <= ns).length);
      expect(dueBy(planned, Infinity)).toBe(planned.arrivals);
    }),
  );
});
