/** Whether the run says anything about its subject: each rule with value and limit. */
import { html } from 'hono/html';
import type { Summary } from '../../result/summary-schema.ts';
import { type Rule, ruleFigure, ruleRemark } from '../summary-validity.ts';
import { type Html, section, table } from './elements.ts';

export function validity({ validity }: Summary): Html {
  if (validity === undefined) {
    return section({
      id: 'validity',
      title: 'Validity',
      body: [html`<p>Not judged: this summary was made before the bench had rules of validity.</p>`],
    });
  }
  return section({
    id: 'validity',
    title: 'Validity',
    lead:
      'Whether the generator can vouch for the run. A rule that does not hold makes it INVALID: neither a pass nor a ' +
      'breach. A slow subject breaches thresholds and leaves a run valid.',
    body: [
      table({
        caption: 'Rules of validity',
        head: ['state', 'rule', 'value', 'limit', 'what it is'],
        rows: validity.rules.map((rule) => [
          mark(rule),
          html`<code class="whole">${rule.rule}</code>`,
          html`${ruleFigure(rule, rule.value)}${rule.of === null ? '' : html`<br><small class="muted">${rule.of}</small>`}`,
          ruleFigure(rule, rule.limit),
          html`${rule.what}${rule.ok || rule.remedy === null ? '' : html`<br><strong>${rule.remedy}</strong>`}`,
        ]),
        aligns: 'llrrl',
      }),
    ],
  });
}

function mark(rule: Rule): Html {
  const { value, judged, ok } = rule;
  if (judged && value !== null) {
    return ok ? html`<span class="ok">✓ holds</span>` : html`<span class="bad">✗ broken</span>`;
  }
  return html`<span class="muted">${ruleRemark(rule)}</span>`;
}
