/** What these figures are of, and what they say nothing about. */

import { html } from 'hono/html';
import type { Summary } from '../../result/summary-schema.ts';
import { generatorWords } from '../generator-words.ts';
import { type Html, section } from './elements.ts';

/** Of certctl's work, no scenario has it. */
const NOT_TESTED = [
  'latency of issuer connectors',
  'full ACME enrolment',
  'bulk revocation and renewal',
  "the scheduler's concurrency",
  'deployment to targets by agents',
  'Kubernetes targets',
];

export function scope(summary: Summary): Html {
  return section({
    id: 'scope',
    title: 'Scope',
    body: [
      html`<div class="columns">
<div><h3>As it was</h3><ul>${asItWas(summary).map((line) => html`<li>${line}</li>`)}</ul></div>
<div><h3>Not tested</h3><ul>${notTested(summary).map((line) => html`<li>${line} <span class="tag">NOT TESTED</span></li>`)}</ul></div>
</div>`,
    ],
  });
}

function serverText({ kind, version }: Summary['subject']): string {
  switch (kind) {
    case 'stand-in':
      return "the server was a stand-in with certctl's API for these calls, on a real PostgreSQL";
    case 'external':
      return 'the server ran already; what it is and what it stands on is not known';
    default:
      return `the server was certctl (${kind} ${version}), one node, on a real PostgreSQL`;
  }
}

function asItWas({ subject, environment, scenarios }: Summary): string[] {
  const targets = Object.values(scenarios).map(({ target_type }) => target_type);
  return [
    serverText(subject),
    ...(targets.includes('f5') && subject.kind !== 'external'
      ? ['the F5 BIG-IP was a mock of its iControl REST interface']
      : []),
    'issuing is the acceptance of a request, with a local issuer',
    `${generatorWords(environment)}: what that adds is in every time`,
    'PostgreSQL with its default settings; it never tunes anything by itself',
  ];
}

function notTested({ subject, api_tier, connector_tier }: Summary): string[] {
  const notRun = Object.entries({ ...api_tier, ...connector_tier }).filter(
    ([, { iterations }]) => iterations === null,
  );
  return [
    ...(subject.kind === 'stand-in' ? ['certctl itself'] : []),
    ...notRun.map(([name]) => name),
    ...NOT_TESTED,
    ...(connector_tier.f5?.iterations === null ? [] : ['a real BIG-IP']),
    "users' own network: the path is that between generator and stack",
  ];
}
