/** Which percentiles so many samples allow a claim about, and which claim. */

import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { html } from 'hono/html';
import { allowedExceedances, CONFIDENCE, samplesNeeded } from '../../result/confidence.ts';
import { percentile } from '../../result/statistics.ts';
import type { ScenarioSummary, Summary } from '../../result/summary-schema.ts';
import { count, ms } from '../format.ts';
import { type Html, section, table } from './elements.ts';

const PERCENTILES = [50, 95, 99, 99.9];
const SURE = `${CONFIDENCE * 100} %`;

export function samples({ scenarios }: Summary): Html {
  return section({
    id: 'samples',
    title: 'What may be claimed',
    lead:
      `A percentile of a sample is an estimate. “At most” is its bound at ${SURE} confidence (exact binomial): the ` +
      'value that at most so many samples exceed. Thresholds are judged by the estimate all the same.',
    body: [
      table({
        caption: `Percentiles of response time in ms, and their upper bounds at ${SURE} confidence`,
        head: ['scenario', 'samples', ...PERCENTILES.map((percent) => `p${percent}`)],
        rows: Object.entries(scenarios).map(([name, one]) => [
          name,
          count(one.response_time.samples),
          ...PERCENTILES.map((percent) => claim(one, percent)),
        ]),
      }),
      html`<p class="note">This is about the chance of this run's samples only. Another run on another day differs by more: compare runs, not samples.</p>`,
    ],
  });
}

function claim({ histograms, response_time }: ScenarioSummary, percent: number): Html {
  const n = response_time.samples;
  const allowed = allowedExceedances(n, percent);
  if (allowed === null) {
    return html`<span class="muted">not claimable</span><br><small>needs ${count(samplesNeeded(percent))}</small>`;
  }
  const histogram = decodeFromCompressedBase64(histograms.response_time);
  // The (k+1)th greatest sample: k exceed it.
  const bound = percentile(histogram, 100 * (1 - allowed / n));
  return html`${ms(percentile(histogram, percent))}<br><small>at most ${ms(bound)} <span class="muted">(${count(allowed)} above)</span></small>`;
}
