/** Summaries to render. */
import { readFileSync } from 'node:fs';
import type { RunResult } from '../../../runner/engine/contract.ts';
import { buildSummary } from '../../../runner/result/summary.ts';
import type { Summary } from '../../../runner/result/summary-schema.ts';
import { healthyScenarios, runOf, scenarioOf, summaryInput } from '../result/run-fixture.ts';

/** A slow F5 with failures, and no haproxy. */
export function troubledRun(): RunResult {
  const slow = Array.from({ length: 500 }, (_, index) => 1_000_000 + index * 4_000);
  const f5 = scenarioOf('f5_handshake', slow, {
    completed: 480,
    failed: 20,
    failedByKind: { tls: 18, timeout: 2 },
    dropped: 7,
  });
  const message = `certificate has expired\n\u001b[31m${'and more '.repeat(30)}`;
  const [issuance, list, nginx, apache] = healthyScenarios();
  const rest = [issuance, list, nginx, apache].filter((one) => one !== undefined);
  return runOf([...rest, { ...f5, errorSamples: [{ kind: 'tls', message }] }]);
}

export async function summaryOf(result: RunResult = runOf(healthyScenarios())): Promise<Summary> {
  return buildSummary(await summaryInput(result));
}

/** A summary of a five-minute run, as it is committed. */
export function evidence(name: string): Summary {
  const path = new URL(`../../../docs/evidence/${name}.summary.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8'));
}
