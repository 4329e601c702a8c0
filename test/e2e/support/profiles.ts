/** Profiles of a few seconds, as files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { stringify } from 'yaml';
import { REQUEST_KINDS } from '../../../runner/plan/plan.ts';

/** Of the test file: what a test itself registers for the end of all is not done. */
const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-e2e-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes the text as `<name>.yaml`, which is gone after the test file; returns its path. */
export function profileFile(name: string, text: string): string {
  const path = join(mkdtempSync(join(folder, 'profile-')), `${name}.yaml`);
  writeFileSync(path, text);
  return path;
}

/** All six scenarios at ten a second. */
export function shortProfile(
  name: string,
  seconds: number,
  thresholds: Record<string, string[]> = { error_rate: ['rate==0'] },
): string {
  const scenario = { executor: 'constant-arrival-rate', rate: 10, duration: `${seconds}s`, maxVUs: 500 };
  const scenarios = Object.fromEntries(REQUEST_KINDS.map((kind) => [kind, scenario]));
  return profileFile(name, stringify({ name, scenarios, thresholds }, { aliasDuplicateObjects: false }));
}
