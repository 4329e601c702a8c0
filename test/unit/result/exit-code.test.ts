import { expect, test } from 'vitest';
import { exitCode, type Outcome } from '../../../runner/result/exit-code.ts';

test.each<[Outcome, number]>([
  [{ verdict: 'PASSED' }, 0],
  [{ verdict: 'BREACHED' }, 99],
  [{ verdict: 'INVALID' }, 97],
  [{ verdict: 'INVALID', aftermathFailed: true }, 97],
  [{ verdict: 'INVALID', signal: 'SIGINT' }, 130],
  [{ verdict: 'INTERRUPTED' }, 130],
  [{ verdict: 'INTERRUPTED', signal: 'SIGINT' }, 130],
  [{ verdict: 'INTERRUPTED', signal: 'SIGTERM' }, 143],
  [{ verdict: 'PASSED', aftermathFailed: true }, 3],
  [{ verdict: 'BREACHED', aftermathFailed: true }, 99],
  [{ verdict: 'INTERRUPTED', signal: 'SIGTERM', aftermathFailed: true }, 143],
])('%j exits with %i', (outcome, code) => {
  expect(exitCode(outcome)).toBe(code);
});
