/** Deploy loops on the stand-in with simulated agents: all four types, every loop served, nothing left. */
import { beforeAll, describe, expect, test } from 'vitest';
import { TARGET_NAMES, type TargetName } from '../../infra/targets.ts';
import { LOOP_PHASES } from '../../runner/deploy/phases.ts';
import type { Summary } from '../../runner/result/summary-schema.ts';
import type { Engine } from '../../runner/setup/engine.ts';
import { bench, CLEAN, type Ended, stackOf, startBench } from './support/cli.ts';
import { startEngine } from './support/engine.ts';
import { leftovers, type Snapshot, snapshot } from './support/leftovers.ts';
import { profileFile } from './support/profiles.ts';
import { directoryOf, readSummary, textFiles } from './support/results.ts';
import { expectVerdict } from './support/verdict.ts';

let engine: Engine;
let before: Snapshot;
let ended: Ended;
let stack: string;
let summary: Summary;

beforeAll(async () => {
  engine = await startEngine();
  before = await snapshot(engine);
  const config = ['agentPollMs=200', 'agents=2'].flatMap((one) => ['-c', one]);
  const running = startBench(['loadtest', '--profile', 'deploy-smoke', ...config]);
  await running.said(/^Profile deploy-smoke$/m);
  stack = stackOf(running.sofar());
  ended = await running.ended;
  summary = readSummary(directoryOf(ended));
});

test('deploy-smoke passes and leaves nothing', async () => {
  expect(ended).toMatchObject(CLEAN);
  expectVerdict(ended, summary, 'PASSED');
  expect(await leftovers(engine, before, stack)).toEqual([]);
});

test.each(TARGET_NAMES)('every loop to %s is served, and its phases add up', (target) => {
  const loops = summary.deploy_loop?.[target];
  expect(loops).toMatchObject({ n: 15, served: 15, failed: 0, failed_by_kind: {} });
  for (const one of loops?.slowest ?? []) {
    const sum = Object.values(one.phases).reduce((total, phase) => total + phase, 0);
    expect(sum).toBeCloseTo(one.total, 3);
  }
  expect(loops?.work.samples).toBe(15);
  expect(loops?.wait.samples).toBe(15);
  expect(loops?.probe_resolution).toMatchObject({ samples: 15, p50: expect.any(Number) });
  const impact = loops?.reload_impact ?? expect.unreachable();
  expect(impact.with_reload.ended + impact.without.ended).toBe(150);
});

test('certctl’s rows agree with the loops, and the handshakes meanwhile saw one certificate only', () => {
  const rule = (name: string) => summary.validity?.rules.find((one) => one.rule === name);
  expect(rule('deploy_rows')).toMatchObject({ value: 0, judged: true, ok: true });
  expect(rule('certificate')).toMatchObject({ value: 0, ok: true });
  expect(summary.deploy_clock?.round_trip_ms).toBeGreaterThan(0);
});

test('the reports show the loops', () => {
  const files = Object.entries(textFiles(directoryOf(ended)));
  const text = (name: string) => files.find(([path]) => path.endsWith(name))?.[1] ?? '';
  expect(text('summary.txt')).toContain('Deploy loops');
  expect(text('report.html')).toContain('the slowest loops');
});

/** Calls that are slow, ms, and the phase of a loop that each is in. */
const DELAYS = {
  create: { route: 'POST /api/v1/certificates', ms: 800 },
  renew: { route: 'POST /api/v1/certificates/bulk-renew', ms: 700 },
  csr: { route: 'POST /api/v1/agents/{id}/csr', ms: 900 },
  deploy: { route: 'GET /api/v1/agents/{id}/certificates/{id}', ms: 1000 },
};
/** Beyond what a phase takes by itself. */
const SPARE_MS = 690;
const STEADY = 'executor: constant-arrival-rate, rate: 1, duration: 3s, maxVUs: 30';
const modes = profileFile(
  'modes',
  `
name: modes
stack: { agent: simulated, agents: "4", agentPollMs: "200" }
scenarios:
  # More than connections are opened at once.
  nginx_deploy_loop: { executor: herd, iterations: 10 }
  apache_deploy_loop: { ${STEADY}, mode: enrol, deadlines: { serve: 10s } }
  haproxy_deploy_loop: { executor: herd, iterations: 6, mode: enrol }
  f5_deploy_loop: { ${STEADY} }
thresholds:
  error_rate: ["rate==0"]
`,
);

describe('renewals and enrolments, steady and all at once, with a delay in some calls', () => {
  let own: Summary;
  const loopsTo = (target: TargetName) => own.deploy_loop?.[target] ?? expect.unreachable();

  beforeAll(async () => {
    const routes = Object.values(DELAYS).map(({ route, ms }) => [route, ms]);
    const faults = { routeDelaysMs: Object.fromEntries(routes) };
    const run = await bench('loadtest', '--profile', modes, '-c', `standInFaults=${JSON.stringify(faults)}`);
    own = readSummary(directoryOf(run));
  });

  test.each<[TargetName, number]>([
    ['nginx', 10],
    ['apache', 3],
    ['haproxy', 6],
    ['f5', 3],
  ])('every loop to %s is served, its phases are in order, and they add up', (target, n) => {
    const { served, slowest, total, work, wait } = loopsTo(target);
    expect([served, slowest.length]).toEqual([n, n]);
    for (const { phases, total: its } of slowest) {
      const names = LOOP_PHASES.map(({ name }) => name).filter((name) => name in phases);
      expect(Object.keys(phases)).toEqual(names);
      expect(Math.min(...Object.values(phases))).toBeGreaterThanOrEqual(0);
      expect(Object.values(phases).reduce((sum, phase) => sum + phase, 0)).toBeCloseTo(its, 3);
    }
    const sum = (work.avg ?? 0) + (wait.avg ?? 0);
    expect(sum / (total.avg ?? 0)).toBeCloseTo(1, 2);
  });

  test.each(TARGET_NAMES)(
    'each delay shows up in its phase of the loops to %s, and in no other',
    (target) => {
      for (const [phase, { min }] of Object.entries(loopsTo(target).phases)) {
        const delay = phase in DELAYS ? DELAYS[phase as keyof typeof DELAYS].ms : 0;
        expect(min, phase).toBeGreaterThanOrEqual(Math.max(0, delay - 10));
        expect(min, phase).toBeLessThan(delay + SPARE_MS);
      }
    },
  );

  test('an enrolment has a certificate of its own, of which certctl has one version, deployment and completion', () => {
    const { scenarios, slowest, phases } = loopsTo('apache');
    expect(scenarios?.apache_deploy_loop).toMatchObject({ mode: 'enrol', deadlines: { serve: 10_000 } });
    expect(phases.create?.samples).toBe(3);
    const certificates = slowest.map(({ certificate }) => certificate);
    expect(new Set(certificates).size).toBe(3);
    for (const one of certificates) expect(one).toMatch(/^mc-.*\.apache-deploy-loop\.[012]$/);
    expect(own.validity?.rules.find(({ rule }) => rule === 'deploy_rows')).toMatchObject({
      value: 0,
      ok: true,
    });
    expect(loopsTo('f5').phases).not.toHaveProperty('create');
  });

  test.each<[TargetName, string, number]>([
    ['nginx', 'renew', 10],
    ['haproxy', 'enrol', 6],
  ])('of the herd to %s it is told how it came to be served', (target, mode, n) => {
    const { scenarios, total } = loopsTo(target);
    const { drain, ...herd } = scenarios?.[`${target}_deploy_loop`] ?? expect.unreachable();
    expect(herd.mode).toBe(mode);
    expect(drain).toMatchObject({ herd: n, served: n });
    expect(((drain?.last_served_s ?? 0) * 1000) / (total.max ?? 0)).toBeCloseTo(1, 2);
    expect(drain?.first_served_s).toBeLessThanOrEqual(drain?.half_served_s ?? 0);
    expect(drain?.per_minute).toBeGreaterThan(0);
  });
});
