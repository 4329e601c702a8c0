/** What a run was, and what it was not: of each the reports say only what is so. */
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { reportHtml } from '../../../runner/report/report-html.ts';
import { methodology } from '../../../runner/report/summary-methodology.ts';
import type { Summary } from '../../../runner/result/summary-schema.ts';
import { subjectElsewhere } from '../../../runner/subject.ts';
import { evidence, summaryOf } from './support.ts';

/** The two lists of the page, a line each. */
async function scopeOf(summary: Summary) {
  const { document } = parseHTML(await reportHtml(summary));
  const [was = [], not = []] = [...document.querySelectorAll('#scope ul')].map((list) =>
    [...list.querySelectorAll('li')].map((one) => one.textContent?.replace(' NOT TESTED', '') ?? ''),
  );
  const figures = [...document.querySelectorAll('figcaption')].map((one) => one.textContent);
  return { was, not, figures };
}

const access = (summary: Summary) => methodology(summary).find((line) => line.startsWith('  access'));

/** Of the scenarios only those whose name matches. */
function only(summary: Summary, name: RegExp): Summary {
  const kept = Object.entries(summary.scenarios).filter(([one]) => name.test(one));
  return { ...summary, scenarios: Object.fromEntries(kept) };
}

const MOCK = 'the F5 BIG-IP was a mock of its iControl REST interface';
const elsewhere = (insecure: boolean) => {
  const { subject, environment } = subjectElsewhere({ api: undefined, targets: {}, ca: undefined, insecure });
  return { subject, environment: { generator: { placement: 'host' as const }, ...environment } };
};
const run = await summaryOf();
const loops = evidence('deploy-baseline-certctl-v2.1.7');

describe('PostgreSQL', () => {
  const settings = { certctl: {}, postgres: {}, limits: {} };
  test('has its default settings where nothing was set', async () => {
    const { was } = await scopeOf({ ...run, environment: { ...run.environment, settings } });
    expect(was).toContain('PostgreSQL with its default settings');
  });
  test('has what was set', async () => {
    const { was } = await scopeOf(run);
    expect(was).not.toContain('PostgreSQL with its default settings');
    expect(was).toContain('set for postgres: shared_buffers=512MB; CPUs 0-1, 1024 MiB');
  });
  test('of a server that runs already is not known', async () => {
    const { was } = await scopeOf({ ...run, ...elsewhere(false) });
    expect(was.join()).not.toContain('PostgreSQL');
  });
  test('of summaries that do not have the settings: not recorded', async () => {
    const { was } = await scopeOf(evidence('baseline-stand-in'));
    expect(was).toContain('which settings certctl and PostgreSQL had was not recorded');
  });
});

describe('TLS', () => {
  test('was verified in a stack, also by summaries that do not say so', () => {
    expect(access(run)).toBe(
      '  access      bearer API key; TLS verified; every handshake scenario on a fresh connection',
    );
    expect(access(loops)).toContain('TLS verified');
  });
  test('was not verified with --insecure', async () => {
    const insecure = { ...run, ...elsewhere(true) };
    expect(access(insecure)).toMatch(/; TLS not verified \(--insecure\);/);
    expect((await scopeOf(insecure)).was).toContain('TLS was not verified (--insecure)');
    expect(access({ ...run, ...elsewhere(false) })).toContain('; TLS verified;');
  });
  test('no key and no handshake is told where there was none', () => {
    expect(access(only(run, /nginx_handshake/))).not.toContain('API key');
    expect(access(only(run, /list_certificates/))).toBe('  access      bearer API key; TLS verified');
  });
});

describe('the F5', () => {
  test.each([
    ['in a stack with an external certctl', { ...run, subject: { kind: 'external', version: '2' } as const }],
    ['of which only deploy loops were run', only(loops, /f5_deploy_loop/)],
  ])('is the mock %s', async (_, summary) => {
    const { was, not } = await scopeOf(summary);
    expect(was).toContain(MOCK);
    expect(not).toContain('a real BIG-IP');
  });
  test('that --target names may be a real one', async () => {
    const { was, not } = await scopeOf({ ...run, ...elsewhere(false) });
    expect(was).not.toContain(MOCK);
    expect(was).toContain('the targets ran already; what they are is not known');
    expect(not).not.toContain('a real BIG-IP');
  });
});

describe('deploy loops', () => {
  test('are deployment by agents and renewal; without them neither was tested', async () => {
    const { was, not } = await scopeOf(loops);
    expect(was).toContain("certificates were deployed by certctl's own agents");
    expect(not.join()).not.toContain('by agents');
    expect(not).not.toContain('bulk revocation and renewal');
    const without = await scopeOf(run);
    expect(without.not).toContain('deployment to targets by agents');
    expect(without.not).toContain('bulk revocation and renewal');
  });
  test('by agents of which a summary does not say which', async () => {
    const { agent: _, ...environment } = loops.environment;
    expect((await scopeOf({ ...loops, environment })).was).toContain('certificates were deployed by agents');
  });
  test('of one target say nothing about the others', async () => {
    const { not } = await scopeOf(only(loops, /nginx_deploy_loop/));
    expect(not.filter((one) => one.includes('by agents'))).toEqual([
      'deployment to apache by agents',
      'deployment to haproxy by agents',
      'deployment to f5 by agents',
    ]);
  });
  test('by simulated agents do not test those of certctl', async () => {
    const { was, not } = await scopeOf({
      ...loops,
      environment: { ...loops.environment, agent: 'simulated' },
    });
    expect(was).toContain(
      "certificates were deployed by simulated agents, which make the calls of certctl's",
    );
    expect(not).toContain("certctl's own agent");
  });
  test('are no requests of the API in the charts', async () => {
    const { figures } = await scopeOf(loops);
    expect(figures).toContain('Deploy loops a second');
    expect(figures.join()).not.toContain('API requests');
    expect((await scopeOf(only(loops, /deploy_loop/))).figures.join()).not.toContain('by phase');
  });
});
