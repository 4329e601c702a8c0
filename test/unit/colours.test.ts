import { expect, test } from 'vitest';
import { coloursFor } from '../../runner/colours.ts';

const terminal = { isTTY: true };
const pipe = { isTTY: false };

test.each([
  ['a terminal', terminal, {}, true],
  ['a terminal with NO_COLOR', terminal, { NO_COLOR: '1' }, false],
  ['a pipe', pipe, {}, false],
  ["a CI's log, whatever it says", pipe, { CI: 'true', FORCE_COLOR: '1' }, false],
])('%s', (_name, stream, env, coloured) => {
  const { red, isColorSupported } = coloursFor(stream, env);
  expect(isColorSupported).toBe(coloured);
  expect(red('x') !== 'x').toBe(coloured);
});
