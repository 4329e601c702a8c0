import { expect, test } from 'vitest';
import { age, renderStacks } from '../../../runner/commands/list.ts';
import type { StackEntry } from '../../../runner/stack/list.ts';

test.each([
  [-1000, '0s'],
  [999, '0s'],
  [59_000, '59s'],
  [60_000, '1m'],
  [3_599_000, '59m 59s'],
  [3_601_000, '1h'],
  [90_061_000, '1d 1h'],
])('an age of %d ms is %s', (ms, text) => expect(age(ms)).toBe(text));

test('the table is aligned', () => {
  const dev: StackEntry = {
    ...{ name: 'dev', kind: 'persistent', engine: 'unix:///e.sock', state: 'up' },
    ...{ since: '2026-01-31T12:00:00.000Z', life: 'live', why: 'stays' },
  };
  const text = renderStacks(
    [dev, { ...dev, name: 'x', state: 'down', since: null, engine: null }],
    Date.parse('2026-01-31T12:01:05.000Z'),
  );
  expect(text.split('\n')).toEqual([
    '  STACK  KIND        STATE  AGE    LIFE         ENGINE',
    '  dev    persistent  up     1m 5s  live: stays  unix:///e.sock',
    '  x      persistent  down   –      live: stays  no engine answers',
  ]);
});

test('without a stack it says what makes one', () => {
  expect(renderStacks([], 0)).toBe('There is no stack here; "bench up" makes one.');
});
