import { beforeAll, expect, test } from 'vitest';
import type { AccountedLoop } from '../../../runner/deploy/account.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import { parseProfile } from '../../../runner/profiles/parse.ts';
import type { Profile } from '../../../runner/profiles/profile.ts';
import { deployLoopSummary } from '../../../runner/result/deploy-loop.ts';
import { judgeValidity } from '../../../runner/result/validity/judge.ts';
import { servedLoop } from './loop-fixture.ts';
import { runOf, scenarioOf } from './run-fixture.ts';

let profile: Profile;
beforeAll(async () => {
  profile = await loadProfile('deploy-smoke');
});

const account = (loops: AccountedLoop[], differences: string[] = []) => ({
  loops,
  differences,
  clock: null,
  pollMs: 100,
});

test('each target has its loops, and what was not deployed to is absent', () => {
  const failed: AccountedLoop = { ...servedLoop('nginx', 0, 100), failure: 'lost_deployment', times: null };
  const loops = [servedLoop('nginx', 0, 7000), servedLoop('nginx', 1000, 14_000), failed];
  const { nginx, ...others } = deployLoopSummary(profile, runOf([]), account(loops));
  expect(others).toEqual({});
  expect(nginx).toMatchObject({
    ...{ n: 3, served: 2, failed: 1, failed_by_kind: { lost_deployment: 1 }, probes: 9 },
    probe_resolution: { samples: 2 },
    reload_impact: null,
    scenarios: {
      nginx_deploy_loop: {
        mode: 'renew',
        deadlines: { csr: 10_200, claim: 10_200, serve: 15_000, loop: 20_000 },
      },
    },
  });
  expect(nginx?.total.max).toBeCloseTo(14_000, -2);
  expect(nginx?.probe_resolution.max).toBeCloseTo(20, 1);
  expect((nginx?.work.avg ?? 0) + (nginx?.wait.avg ?? 0)).toBeCloseTo(nginx?.total.avg ?? 0, -1);
  expect(nginx?.phases.sign?.samples).toBe(2);
  expect(Object.keys(nginx?.phases ?? {})).not.toContain('create');
});

test('what a loop takes does not lower how many a minute there are: from the first that was served to the last', () => {
  const aMinute = (loops: AccountedLoop[]) =>
    deployLoopSummary(profile, runOf([]), account(loops)).nginx?.loops_a_minute;
  const failed: AccountedLoop = { ...servedLoop('nginx', 0, 200_000), failure: 'not_served', times: null };
  const steady = Array.from({ length: 31 }, (_, index) => servedLoop('nginx', 2000 * index, 70_000));
  expect(aMinute([failed, ...steady.toReversed()])).toBeCloseTo(30, 5);
  expect(aMinute([servedLoop('nginx', 0, 70_000)])).toBeNull();
  expect(aMinute([servedLoop('nginx', 0, 2000), servedLoop('nginx', 1000, 1000)])).toBeNull();
  expect(aMinute([failed])).toBeNull();
});

test('loops that enrolled have phases of their own, which renewals beside them do not have', () => {
  const loops = [servedLoop('nginx', 0, 1100, 'enrol'), servedLoop('nginx', 0, 900)];
  const { phases, slowest } =
    deployLoopSummary(profile, runOf([]), account(loops)).nginx ?? expect.unreachable();
  expect(Object.keys(phases).slice(0, 3)).toEqual(['create', 'bind', 'renew']);
  expect([phases.create?.samples, phases.bind?.samples, phases.renew?.samples]).toEqual([1, 1, 2]);
  expect(slowest[0]?.phases.create).toBe(100);
});

test('of a herd it is told when the first, the half and the last were served, and how fast it went from first to last', () => {
  const herd = parseProfile(
    'name: x\nscenarios:\n  nginx_deploy_loop: { executor: herd, iterations: 6 }\n  f5_deploy_loop: { executor: herd, iterations: 3 }\n',
    'x.yaml',
  );
  const failed: AccountedLoop = { ...servedLoop('nginx', 0, 100), failure: 'no_csr', times: null };
  const loops = [...[31_000, 30_000, 36_000, 33_000].map((ms) => servedLoop('nginx', 2000, ms)), failed];
  const { nginx, f5 } = deployLoopSummary(herd, runOf([]), account([...loops, servedLoop('f5', 0, 40_000)]));
  expect(nginx?.scenarios.nginx_deploy_loop?.drain).toEqual({
    ...{ herd: 6, served: 4, first_served_s: 30, half_served_s: 33, last_served_s: 36, per_minute: 30 },
    curve: [30, 31, 33, 36].map((at_s, index) => ({ at_s, served: index + 1 })),
  });
  expect(f5?.scenarios.f5_deploy_loop?.drain).toEqual({
    ...{ herd: 3, served: 1, first_served_s: 40, half_served_s: null, last_served_s: 40, per_minute: null },
    curve: [{ at_s: 40, served: 1 }],
  });
  const none = deployLoopSummary(herd, runOf([]), account([failed])).nginx?.scenarios.nginx_deploy_loop;
  expect(none?.drain).toMatchObject({
    served: 0,
    first_served_s: null,
    last_served_s: null,
    per_minute: null,
    curve: [],
  });
});

test('the curve of a great herd has its ends, and no more points than can be drawn', () => {
  const great = parseProfile(
    'name: x\nscenarios: { nginx_deploy_loop: { executor: herd, iterations: 1000 } }',
    'x.yaml',
  );
  const loops = Array.from({ length: 1000 }, (_, index) => servedLoop('nginx', 0, 1000 * (index + 1)));
  const { nginx } = deployLoopSummary(great, runOf([]), account(loops));
  const curve = nginx?.scenarios.nginx_deploy_loop?.drain?.curve ?? expect.unreachable();
  expect(curve).toHaveLength(200);
  expect([curve[0], curve.at(-1)]).toEqual([
    { at_s: 1, served: 1 },
    { at_s: 1000, served: 1000 },
  ]);
  for (const { at_s, served } of curve) expect(served).toBe(at_s);
});

test('the slowest ten come first, each with its ids and phases', () => {
  const loops = Array.from({ length: 12 }, (_, index) => servedLoop('f5', 0, 1000 + index));
  const slowest = deployLoopSummary(profile, runOf([]), account(loops)).f5?.slowest;
  expect(slowest?.map(({ total }) => total)).toEqual(Array.from({ length: 10 }, (_, index) => 1011 - index));
  expect(slowest?.[0]).toMatchObject({ certificate: 'mc-1', renewal: 'r', deployment: 'd' });
});

const HANDSHAKES = { sent: 10, dropped: 0, p50: 1, p95: 1, max: 1, sendLagP99: 0, sendLagMax: 0 };
/** Of each second its p99 and how many of its ten handshakes failed. */
const handshakes = (seconds: [p99: number, failed: number][]) => ({
  ...scenarioOf('nginx_handshake', [1]),
  series: seconds.map(([p99, failed], second) => ({
    ...HANDSHAKES,
    ...{ second, completed: 10 - failed, failed, p99 },
  })),
});

test('what a reload costs is told apart by the second before it, its own and the one after', () => {
  const run = runOf([
    handshakes([
      [5, 0],
      [6, 0],
      [40, 0],
      [30, 0],
      [90, 2],
      [7, 0],
    ]),
  ]);
  const summary = deployLoopSummary(profile, run, account([servedLoop('nginx', 0, 3950)]));
  expect(summary.nginx?.reload_impact).toEqual({
    with_reload: { seconds: 3, ended: 30, failed: 2, p99_median: 40, p99_max: 90 },
    without: { seconds: 3, ended: 30, failed: 0, p99_median: 6, p99_max: 7 },
  });
});

test('reloads of loops that failed count too, and loops that no agent came to have none', () => {
  const run = runOf([
    handshakes([
      [5, 0],
      [6, 0],
      [40, 1],
      [7, 0],
      [8, 0],
      [9, 0],
    ]),
  ]);
  const failed = { ...servedLoop('nginx', 0, 5000), failure: 'not_served' as const, times: null };
  const impact = (reloadedNs: number | null) =>
    deployLoopSummary(profile, run, account([{ ...failed, reloadedNs }])).nginx?.reload_impact;
  expect(impact(2.1e9)).toMatchObject({ with_reload: { seconds: 3, failed: 1 }, without: { failed: 0 } });
  expect(impact(null)).toMatchObject({ with_reload: { seconds: 0 }, without: { seconds: 6, failed: 1 } });
});

test('rows of certctl that do not agree make a run INVALID, and are named', () => {
  const run = runOf([]);
  const rule = (differences: string[]) =>
    judgeValidity(profile, run, {}, account([], differences)).rules.find((one) => one.rule === 'deploy_rows');
  expect(rule([])).toMatchObject({ value: 0, ok: true, judged: true });
  expect(rule(['mc-1: 1 loops, 2 versions'])).toMatchObject({
    value: 1,
    ok: false,
    of: 'mc-1: 1 loops, 2 versions',
  });
});
