/** What it ran on, and what servers and generator agreed on. */

import { html } from 'hono/html';
import { stringify } from 'yaml';
import type { ScenarioSummary, Summary } from '../../result/summary-schema.ts';
import { count } from '../format.ts';
import { generatorWords } from '../generator-words.ts';
import { settingsTexts } from '../summary-settings.ts';
import { facts, type Html, section, table } from './elements.ts';

export function environment({ run, subject, environment, scenarios, fingerprint }: Summary): Html {
  const { host } = run;
  return section({
    id: 'environment',
    title: 'Environment',
    body: [
      facts([
        ['Processor', `${host.cpuModel ?? 'unknown'} × ${host.cpus}`],
        ['Memory', `${(host.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
        ['System', `${host.platform} ${host.kernel} ${host.arch}`],
        ['Generator', generatorWords(environment)],
        ['Subject', `${subject.kind} ${subject.version}`],
        ['PostgreSQL', environment.postgres.version ?? 'not known'],
        [
          'Software',
          Object.entries(run.versions)
            .map(([name, version]) => `${name} ${version}`)
            .join(', '),
        ],
        ...(environment.settings ? settingsTexts(environment.settings) : []).map((text): [string, Html] => [
          'Settings',
          text,
        ]),
        [
          'Stack',
          environment.topologyHash === null
            ? 'none: a server that ran already'
            : html`${environment.stack}, topology <code>${environment.topologyHash.slice(0, 16)}</code>`,
        ],
      ]),
      table({
        caption: 'Connections and what was negotiated',
        hideCaption: false,
        head: ['scenario', 'opened', 'resumed', 'protocol', 'suite', 'group', 'ALPN', 'offered'],
        rows: Object.entries(scenarios).map(([name, { negotiated, requested }]) => [
          name,
          count(negotiated.connections),
          count(negotiated.sessionsReused),
          ...[negotiated.protocol, negotiated.cipher, negotiated.group, negotiated.alpn].map(byFrequency),
          requested ? offered(requested) : 'not known',
        ]),
        aligns: 'lrrl',
      }),
      ...(fingerprint ? [comparability(fingerprint)] : []),
      table({
        caption: 'Images',
        hideCaption: false,
        head: ['service', 'image', 'source', 'digest'],
        rows: Object.entries(environment.images).map(([service, { name, source, id }]) => [
          service,
          name,
          source,
          html`<code class="hash">${id}</code>`,
        ]),
        aligns: 'l',
      }),
    ],
  });
}

/** In the order of the columns before it. */
function offered({
  protocol,
  cipher,
  group,
  alpn,
  session,
}: NonNullable<ScenarioSummary['requested']>): string {
  const lists = [protocol, cipher ?? ["OpenSSL's own suites"], group, alpn].map((list) => list.join(', '));
  return [...lists, ...(session === 'resume' ? ['the newest session'] : [])].join('; ');
}

/** The key, and all that is in it. */
function comparability({ key, compared, recorded }: NonNullable<Summary['fingerprint']>): Html {
  return html`<p>Comparability key <code class="hash">${key}</code>: runs with different keys do not compare.</p>
<details><summary>The fingerprint</summary><pre tabindex="0"><code>${stringify({ compared, recorded })}</code></pre></details>`;
}

/** Most frequent first. */
const byFrequency = (seen: Record<string, number>) =>
  Object.entries(seen)
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => name)
    .join(', ');
