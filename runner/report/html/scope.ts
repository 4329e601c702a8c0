/** What these figures are of, and what they say nothing about. */

import { html } from 'hono/html';
import { TARGET_NAMES } from '../../../infra/targets.ts';
import { deployLoopOf, handshakeOf } from '../../plan/plan.ts';
import type { Summary } from '../../result/summary-schema.ts';
import { generatorWords } from '../generator-words.ts';
import { settingsTexts } from '../summary-settings.ts';
import { tiersOf } from '../tiers.ts';
import { type Html, section } from './elements.ts';

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

function asItWas(summary: Summary): string[] {
  const { subject, environment } = summary;
  const { handshakes, loops } = tiersOf(summary);
  const isOurs = environment.stack !== null;
  return [
    serverText(subject),
    ...(handshakes.length > 0 && !isOurs ? ['the targets ran already; what they are is not known'] : []),
    ...(isMocked(summary) ? ['the F5 BIG-IP was a mock of its iControl REST interface'] : []),
    ...issuing(summary),
    ...(loops.length > 0 ? [`certificates were deployed by ${agents(environment)}`] : []),
    ...(environment.insecure ? ['TLS was not verified (--insecure)'] : []),
    `${generatorWords(environment)}: what that adds is in every time`,
    ...settings(summary),
  ];
}

function agents({ agent }: Summary['environment']): string {
  if (agent === 'real') return "certctl's own agents";
  return agent === 'simulated' ? "simulated agents, which make the calls of certctl's" : 'agents';
}

/** A stack brings the mock; what `--target` names is not known. */
function isMocked({ environment, scenarios }: Summary): boolean {
  const kinds = Object.values(scenarios).map(({ kind }) => kind);
  return (
    environment.stack !== null && (kinds.includes(handshakeOf('f5')) || kinds.includes(deployLoopOf('f5')))
  );
}

function issuing({ subject, scenarios }: Summary): string[] {
  if (!Object.values(scenarios).some(({ kind }) => kind === 'issuance_acceptance')) return [];
  const issuer = subject.kind === 'external' ? '' : ', with a local issuer';
  return [`issuing is the acceptance of a request${issuer}`];
}

/** Those of a server that ran already are not known. */
function settings({ environment }: Summary): string[] {
  const { postgres, settings } = environment;
  if (postgres.version === null) return [];
  if (settings === undefined) return ['which settings certctl and PostgreSQL had was not recorded'];
  const isDefault = Object.keys(settings.postgres).length === 0;
  return [
    ...(isDefault ? ['PostgreSQL with its default settings'] : []),
    ...settingsTexts(settings).map((text) => `set for ${text}`),
  ];
}

function notTested(summary: Summary): string[] {
  const { subject, environment, api_tier, connector_tier } = summary;
  const calls = Object.entries(api_tier).filter(([, { iterations }]) => iterations === null);
  const targets = Object.entries(connector_tier).filter(([, { iterations }]) => iterations === null);
  return [
    ...(subject.kind === 'stand-in' ? ['certctl itself'] : []),
    ...calls.map(([name]) => name),
    ...targets.map(([name]) => `handshakes with ${name}`),
    ...deployment(summary),
    'latency of issuer connectors',
    'full ACME enrolment',
    "the scheduler's concurrency",
    'Kubernetes targets',
    ...(isMocked(summary) ? ['a real BIG-IP'] : []),
    ...(environment.stack === null
      ? []
      : ["users' own network: the path is that between generator and stack"]),
  ];
}

/** A loop is the renewal of one certificate and its deployment. */
function deployment(summary: Summary): string[] {
  const loops = tiersOf(summary).loops.map(([, { kind }]) => kind);
  if (loops.length === 0) return ['bulk revocation and renewal', 'deployment to targets by agents'];
  return [
    'bulk revocation, and renewal of many certificates by one call',
    ...TARGET_NAMES.filter((target) => !loops.includes(deployLoopOf(target))).map(
      (target) => `deployment to ${target} by agents`,
    ),
    ...(summary.environment.agent === 'simulated' ? ["certctl's own agent"] : []),
  ];
}
