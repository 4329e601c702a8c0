/** The few figures of a run that become outputs of a stack. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brokenRules, type Summary } from './summary-schema.ts';

/** What `pulumi stack output result` shows, and `bench load --json`. `summaryJson`: path of the file. */
export function publishedResult(summary: Summary, summaryJson: string): Record<string, unknown> {
  return {
    run: summary.run.id,
    verdict: summary.verdict,
    profile: summary.profile.name,
    subject: summary.subject,
    summarySha256: createHash('sha256').update(readFileSync(summaryJson)).digest('hex'),
    invalid: brokenRules(summary).map(({ rule }) => rule),
    breached: summary.thresholds
      .filter(({ ok }) => !ok)
      .map(({ metric, expression }) => `${metric}: ${expression}`),
    apiTier: summary.api_tier,
    connectorTier: summary.connector_tier,
  };
}
