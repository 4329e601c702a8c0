import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clip, count, ms, percent, wrap } from '../../../runner/report/format.ts';

test('a figure that is not there is a dash', () => {
  expect([ms(null), count(null), percent(null)]).toEqual(['–', '–', '–']);
});

test.each([
  [0, '0.00 %'],
  [0.00001, '<0.01 %'],
  [0.0034, '0.34 %'],
  [1, '100.00 %'],
])('a share of %d is %s', (ratio, text) => {
  expect(percent(ratio)).toBe(text);
});

test('clipped text is one line that fits and shows that it was cut', () => {
  expect(clip('a\n\tb', 10)).toBe('a b');
  expect(clip('abcdef', 4)).toBe('abc…');
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, width) => {
      expect(clip(text, width).length).toBeLessThanOrEqual(width);
    }),
  );
});

test('wrapped text keeps its words, and lines fit unless a word does not', () => {
  const word = fc.string({ unit: fc.constantFrom(...'abc'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 1, max: 30 }), (words, width) => {
      const lines = wrap(words.join(' '), width);
      expect(lines.join(' ')).toBe(words.join(' '));
      for (const line of lines) if (line.includes(' ')) expect(line.length).toBeLessThanOrEqual(width);
    }),
  );
});
