/** From how a run ended to the exit code of the command. */
import { EXIT, type ExitCode } from '../errors.ts';
import type { Verdict } from './summary-schema.ts';

export interface Outcome {
  verdict: Verdict;
  /** The signal that ended the run early. */
  signal?: 'SIGINT' | 'SIGTERM' | undefined;
  /** What comes after the measurement failed: `publish` or `down`. */
  aftermathFailed?: boolean;
}

/**
 * Several at once: 130/143, then 97, 99; a failed aftermath turns only 0 into 3. A subject that dies under the load is
 * a breach; what is wrong before it is an EnvironmentError.
 */
export function exitCode(outcome: Outcome): ExitCode {
  if (outcome.signal === 'SIGTERM') return EXIT.terminated;
  if (outcome.signal === 'SIGINT' || outcome.verdict === 'INTERRUPTED') return EXIT.interrupted;
  if (outcome.verdict === 'INVALID') return EXIT.invalid;
  if (outcome.verdict === 'BREACHED') return EXIT.breached;
  return outcome.aftermathFailed ? EXIT.environment : EXIT.passed;
}
