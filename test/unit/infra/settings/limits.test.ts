import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cpusOf } from '../../../../infra/settings/limits.ts';

const range = fc.tuple(fc.nat(200), fc.nat(20)).map(([first, more]) => ({ first, last: first + more }));

it('reads a set as the kernel writes it', () => {
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 5 }), (ranges) => {
      const text = ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join();
      const cpus = ranges.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      expect(cpusOf(text)).toEqual(cpus);
    }),
  );
});

it.each(['', ',', '0,', '-1', '1-', '3-1', '0-1-2', 'all', '0-9999', ' 0'])('refuses "%s"', (text) => {
  expect(cpusOf(text)).toBeUndefined();
});
