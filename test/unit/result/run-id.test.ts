import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runId } from '../../../runner/result/run-id.ts';

test('a run id is UTC time and a random suffix', () => {
  expect(runId(new Date('2026-11-25T03:15:00.999Z'))).toMatch(/^20261125T031500Z-[0-9a-f]{6}$/);
  expect(runId()).not.toBe(runId());
});

test('ids sort as their times do', () => {
  const second = fc.integer({ min: 0, max: 4e9 });
  fc.assert(
    fc.property(second, second, (a, b) => {
      const [one, other] = [a, b].map((time) => runId(new Date(time * 1000)).slice(0, 16));
      expect(Math.sign(String(one).localeCompare(String(other)))).toBe(Math.sign(a - b));
    }),
  );
});
