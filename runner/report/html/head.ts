/** The verdict first: what a reader in a hurry needs, and what must be known before any figure. */
import { html } from 'hono/html';
import { brokenRules, type Summary } from '../../result/summary-schema.ts';
import { brokenRule } from '../summary-validity.ts';
import { thresholdValue } from '../threshold-text.ts';
import { verdictSentence } from '../verdict-sentence.ts';
import type { Html } from './elements.ts';
import { metricName } from './thresholds.ts';

export function head(summary: Summary): Html {
  const { run, subject, profile, verdict, notes } = summary;
  const broken = brokenRules(summary);
  const missed = summary.thresholds.filter(({ ok }) => !ok);
  return html`<header class="verdict ${verdict.toLowerCase()}">
<p class="kicker">certctl-bench · profile ${profile.name}</p>
<h1><span class="mark" aria-hidden="true">${MARKS[verdict]}</span> ${verdict}</h1>
<p class="sentence">${capital(verdictSentence(summary))}.</p>
${
  broken.length > 0
    ? html`<ul class="missed">${broken.map((rule) => html`<li><code>${rule.rule}</code>: ${brokenRule(rule)}</li>`)}</ul>`
    : ''
}
${
  missed.length > 0
    ? html`<ul class="missed">${missed.map(
        (one) =>
          html`<li>${metricName(one.metric)} <code class="whole">${one.expression}</code>: ${thresholdValue(one)}</li>`,
      )}</ul>`
    : ''
}
<p class="run">${subject.kind === 'stand-in' ? subject.version : `certctl ${subject.version} (${subject.kind})`} · ${when(run.startedAt)} · ${duration(run.durationMs)} · seed ${run.seed} · run <code>${run.id}</code></p>
</header>
${notes.map((note) => html`<p class="banner" role="note"><strong>Read this first.</strong> ${note}</p>`)}`;
}

const MARKS: Record<Summary['verdict'], string> = {
  PASSED: '✓',
  BREACHED: '✗',
  INVALID: '✗',
  INTERRUPTED: '!',
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const when = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

const duration = (ms: number) => {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};
