/** All that is needed in order to run it again, or to check that these are its figures. */
import { html } from 'hono/html';
import { stringify } from 'yaml';
import { HISTOGRAM_LOG, sha256 } from '../../result/histogram-log.ts';
import type { Summary } from '../../result/summary-schema.ts';
import { summaryText } from '../../result/write.ts';
import { facts, type Html, section } from './elements.ts';

export function disclosure(summary: Summary): Html {
  const { run, profile, artifacts, scenarios } = summary;
  const log = artifacts?.[HISTOGRAM_LOG].sha256;
  const certificates = new Set(
    Object.values(scenarios).flatMap(({ negotiated }) => Object.keys(negotiated.fingerprint)),
  );
  return section({
    id: 'disclosure',
    title: 'Run it again, check it',
    body: [
      html`<p>The exact command; with <code>--seed ${run.seed}</code> the plan is the same to the microsecond:</p>
<pre class="command" tabindex="0"><code>${run.command.join(' ')}</code></pre>`,
      facts([
        ['Run', html`<code>${run.id}</code>`],
        ['Seed', html`<code>${run.seed}</code>`],
        ['SHA-256 of summary.json', html`<code class="hash">${sha256(summaryText(summary))}</code>`],
        ...(log
          ? [[`SHA-256 of ${HISTOGRAM_LOG}`, html`<code class="hash">${log}</code>`] as [string, Html]]
          : []),
        [
          'SHA-256 of served certificates',
          html`${[...certificates].map((one) => html`<code class="hash">${one}</code><br>`)}`,
        ],
      ]),
      html`<details><summary>The profile as it was run</summary><pre tabindex="0"><code>${stringify(profile)}</code></pre></details>`,
    ],
  });
}
