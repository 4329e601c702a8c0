import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allowedExceedances, highestClaimable, samplesNeeded } from '../../../runner/result/confidence.ts';

/** P(Binomial(n, above) <= k) by the recurrence of a Bernoulli trial at a time: slow, and another way. */
function chanceOfAtMost(k: number, n: number, above: number): number {
  const chances: number[] = Array.from({ length: k + 2 }, (_, index) => (index === 0 ? 1 : 0));
  for (let trial = 0; trial < n; trial++) {
    for (let hits = k; hits >= 0; hits--) {
      chances[hits] = (chances[hits] ?? 0) * (1 - above) + (hits > 0 ? (chances[hits - 1] ?? 0) * above : 0);
    }
  }
  return chances.slice(0, k + 1).reduce((sum, chance) => sum + chance, 0);
}

test.each([
  [95, 90, 0],
  [95, 130, 1],
  [95, 901, 30],
  [99, 459, 0],
  [99, 662, 1],
  [99, 1307, 5],
  [99, 2010, 10],
  [99, 4533, 30],
])('p%s with %s samples allows %s, with one less not as many', (percent, n, allowed) => {
  expect(allowedExceedances(n, percent)).toBe(allowed);
  expect(allowedExceedances(n - 1, percent)).toBe(allowed === 0 ? null : allowed - 1);
});

test('the five-minute profile: 500 samples allow none for a p99, 15,000 allow 121', () => {
  expect(allowedExceedances(500, 99)).toBe(0);
  expect(allowedExceedances(15_000, 99)).toBe(121);
});

test('the number allowed is within the confidence, and one more is not', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600 }),
      fc.constantFrom(50, 90, 95, 99),
      fc.constantFrom(0.9, 0.95, 0.99),
      (n, percent, confidence) => {
        const above = 1 - percent / 100;
        const allowed = allowedExceedances(n, percent, confidence) ?? -1;
        if (allowed >= 0)
          expect(chanceOfAtMost(allowed, n, above)).toBeLessThanOrEqual(1 - confidence + 1e-9);
        if (allowed + 1 < n) {
          expect(chanceOfAtMost(allowed + 1, n, above)).toBeGreaterThan(1 - confidence - 1e-9);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a million samples are no matter', () => {
  // 10,000 expected; 2.33 standard deviations of 99.5 fewer.
  expect(allowedExceedances(1_000_000, 99)).toBeGreaterThan(9_760);
  expect(allowedExceedances(1_000_000, 99)).toBeLessThan(9_780);
});

test('what is needed and what can be claimed are the same bound', () => {
  expect(samplesNeeded(95)).toBe(90);
  expect(samplesNeeded(99)).toBe(459);
  expect(highestClaimable(459)).toBeGreaterThanOrEqual(99);
  expect(highestClaimable(458)).toBeLessThan(99);
  expect(allowedExceedances(0, 50)).toBeNull();
  expect(highestClaimable(0)).toBe(0);
});
