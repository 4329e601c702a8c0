import { expect, test } from 'vitest';
import { randomStream } from '../../../runner/plan/random.ts';

const take = (next: () => number, number: number) => Array.from({ length: number }, next);

test('the same seed and name give the same numbers', () => {
  expect(take(randomStream(42, 'a'), 100)).toEqual(take(randomStream(42, 'a'), 100));
});

test('these numbers never change, or recorded seeds would replay other runs', () => {
  expect(take(randomStream(42, 'list_certificates'), 3)).toMatchInlineSnapshot(`
    [
      0.17738462006673217,
      0.8902550796046853,
      0.26847591297701,
    ]
  `);
});

test('another seed, another name, and a seed beyond 32 bits each give other numbers', () => {
  const firsts = [randomStream(1, 'a')(), randomStream(2, 'a')(), randomStream(1, 'b')()];
  firsts.push(randomStream(1 + 2 ** 32, 'a')());
  expect(new Set(firsts).size).toBe(4);
});

test('the numbers are uniform: a chi-squared over 100 bins is where it should be', () => {
  const bins = new Array<number>(100).fill(0);
  const next = randomStream(7, 'uniform');
  for (let i = 0; i < 100_000; i++) {
    const value = next();
    bins[Math.floor(value * 100)] = (bins[Math.floor(value * 100)] ?? 0) + 1;
  }
  const chiSquared = bins.reduce((sum, seen) => sum + (seen - 1000) ** 2 / 1000, 0);
  // 99 degrees of freedom: 0.01 % and 99.99 % quantiles.
  expect(chiSquared).toBeGreaterThan(53);
  expect(chiSquared).toBeLessThan(162);
});
