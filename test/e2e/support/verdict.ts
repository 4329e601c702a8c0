/** What a run must have come to, on a machine that may be too noisy to measure. */
import { expect } from 'vitest';
import { brokenRules, type Summary } from '../../../runner/result/summary-schema.ts';
import type { Ended } from './cli.ts';

/** Rules that other work on the same machine can break; the others only a fault of the bench, or what a test did. */
const NOISE = ['send_lag', 'generator_cpu', 'event_loop', 'cpu_wait', 'cpu_throttled', 'steal'];
/** Follow from those. */
const CONSEQUENCES = ['achieved', 'generator_drops'];

const CODES = { PASSED: 0, BREACHED: 99 };

/**
 * The run passed, or breached, as far as the machine let it: verdict and exit code are this one, or INVALID where the
 * machine's noise has really broken a rule, and never otherwise.
 */
export function expectVerdict({ exitCode }: Ended, summary: Summary, verdict: 'PASSED' | 'BREACHED'): void {
  const { validity, thresholds } = summary;
  const broken = brokenRules(summary);
  const noise = broken.filter(({ rule }) => NOISE.includes(rule));
  const known = noise.length > 0 ? [...NOISE, ...CONSEQUENCES] : NOISE;
  expect(broken.filter(({ rule }) => !known.includes(rule))).toEqual([]);
  for (const { value, limit } of noise) expect(value).toBeGreaterThan(limit ?? Infinity);
  // What was measured in noise says nothing, of the thresholds neither.
  if (noise.length === 0) expect(thresholds.every(({ ok }) => ok)).toBe(verdict === 'PASSED');
  const invalid = { verdict: 'INVALID', validity: 'INVALID', exitCode: 97 };
  const valid = { verdict, validity: 'VALID', exitCode: CODES[verdict] };
  const got = { verdict: summary.verdict, validity: validity?.verdict, exitCode };
  expect(got).toEqual(broken.length > 0 ? invalid : valid);
}
