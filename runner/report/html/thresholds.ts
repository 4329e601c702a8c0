/** What was asked of the subject, and how much of it was used. */
import { html } from 'hono/html';
import type { Summary } from '../../result/summary-schema.ts';
import { count, ms, percent } from '../format.ts';
import { withUnit } from '../threshold-text.ts';
import { type Html, section, table } from './elements.ts';

type Threshold = Summary['thresholds'][number];

export function thresholds(summary: Summary): Html {
  return section({
    id: 'thresholds',
    title: 'Thresholds',
    lead: 'Response time from the intended start, connect and TLS included, failures and timeouts too. The bar is the value as a share of its limit.',
    body: [
      table({
        caption: 'All thresholds',
        head: ['state', 'threshold', 'limit', 'value', 'of the limit', 'samples'],
        rows: summary.thresholds.map((one) => [
          one.ok
            ? html`<span class="ok">✓ <span class="word">held</span></span>`
            : html`<span class="bad">✗ <span class="word">missed</span></span>`,
          metricName(one.metric),
          html`<code class="whole">${one.expression}</code>`,
          one.value === null ? 'none' : withUnit(one, one.value),
          bar(one),
          count(one.samples),
        ]),
        aligns: 'lllrlr',
      }),
    ],
  });
}

/** May break before its selector, where a phone has no room. */
export function metricName(metric: string): Html {
  const [name, ...selector] = metric.split(/(?=\{)/);
  return html`<code>${name}${selector.map((part) => html`<wbr>${part}`)}</code>`;
}

/** Of a limit from above that is more than zero: of others a share says nothing. */
function bar({ value, limit, expression, ok }: Threshold): Html {
  if (value === null || limit <= 0 || !expression.includes('<')) return '';
  const share = value / limit;
  const width = Math.min(100, share * 100).toFixed(1);
  return html`<span class="whole"><span class="bar" role="img" aria-label="${percent(share)} of the limit"><i class="${ok ? 'ok' : 'bad'}" style="width:${width}%"></i></span> ${Math.round(share * 100)} %</span>`;
}

export function tiers({ api_tier, connector_tier, measured_differently_from_k6 }: Summary): Html {
  const rows = Object.entries({ ...api_tier, ...connector_tier }).map(
    ([name, { p50, p95, p99, max, avg, error_rate, iterations }]): Html[] =>
      iterations === null
        ? [name, 'NOT TESTED', '', '', '', '', '', '']
        : [name, ...[p50, p95, p99, max, avg].map(ms), percent(error_rate), count(iterations)],
  );
  return section({
    id: 'tiers',
    title: 'At a glance',
    lead: 'Response time in ms: from the intended start of the plan to the last byte, with TCP connect and the full TLS handshake where there is one.',
    body: [
      table({
        caption: 'Response time in ms',
        head: ['scenario', 'p50', 'p95', 'p99', 'max', 'mean', 'errors', 'iterations'],
        rows,
      }),
      html`<p class="note">${measured_differently_from_k6}</p>`,
    ],
  });
}
