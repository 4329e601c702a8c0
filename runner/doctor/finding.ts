/** What one check of `bench doctor` found. */
import { EnvironmentError } from '../errors.ts';

export interface Finding {
  what: string;
  /** `missing` also where it is there but cannot be used: the bench will fail without the remedy. */
  state: 'found' | 'missing' | 'not needed';
  version?: string | undefined;
  /** Where it comes from, or why it is not needed. */
  from?: string | undefined;
  /** What helps, where it is missing. */
  remedy?: string | undefined;
}

export type Check = () => Promise<Finding>;

/** Things that hinder `up` and that `setup` cannot put right are told before anything is made. */
export async function requireFound(checks: Check[]): Promise<void> {
  const findings = await Promise.all(checks.map((check) => check()));
  const missing = findings.filter(({ state }) => state === 'missing');
  if (missing.length === 0) return;
  const words = missing.map(({ what, from, remedy }) => `${what}: ${from ?? 'missing'}; ${remedy}`);
  throw new EnvironmentError(words.join('; '));
}
