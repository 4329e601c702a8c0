import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationMs, formatDuration } from '../../../runner/profiles/duration.ts';

test.each([
  ['0s', 0],
  ['300ms', 300],
  ['1.1s', 1100],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['1m1.5s', 61_500],
  ['1d', 86_400_000],
])('%s is %i ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each([
  '',
  '5',
  's',
  '5x',
  '-5s',
  '5 s',
  '5m ',
  '.5s',
  '1h30',
  '0.0001ms',
  '0.4ms',
  '1.0005s',
  `${'9'.repeat(30)}h`,
])('"%s" is no duration', (text) => {
  expect(durationMs(text)).toBeUndefined();
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10 * 86_400_000 }), (ms) => {
      expect(durationMs(formatDuration(ms))).toBe(ms);
    }),
  );
});

test('parts add up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(1000), fc.constantFrom('h', 'm', 's', 'ms')), { minLength: 1 }),
      (parts) => {
        const one = (text: string) => durationMs(text) ?? Number.NaN;
        const texts = parts.map(([amount, unit]) => `${amount}${unit}`);
        expect(one(texts.join(''))).toBe(texts.reduce((sum, text) => sum + one(text), 0));
      },
    ),
  );
});

test.each([
  [0, '0s'],
  [999.6, '1s'],
  [300, '300ms'],
  [90_000, '1m30s'],
  [61_500, '1m1.5s'],
  [5_400_000, '1h30m'],
])('%d ms is written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
