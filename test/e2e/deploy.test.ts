/** Deploy loops on the stand-in with simulated agents: all four types, every loop served, nothing left. */
import { beforeAll, expect, test } from 'vitest';
import { TARGET_NAMES } from '../../infra/targets.ts';
import type { Summary } from '../../runner/result/summary-schema.ts';
import type { Engine } from '../../runner/setup/engine.ts';
import { CLEAN, type Ended, stackOf, startBench } from './support/cli.ts';
import { startEngine } from './support/engine.ts';
import { leftovers, type Snapshot, snapshot } from './support/leftovers.ts';
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
  const impact = loops?.reload_impact ?? expect.unreachable();
  expect(impact.with_reload.ended + impact.without.ended).toBe(150);
});

test('certctl’s rows agree with the loops, and the handshakes meanwhile saw one certificate only', () => {
  const rule = (name: string) => summary.validity?.rules.find((one) => one.rule === name);
  expect(rule('deploy_rows')).toMatchObject({ value: 0, judged: true, ok: true });
  expect(rule('certificate')).toMatchObject({ value: 0, ok: true });
});

test('the reports show the loops', () => {
  const files = Object.entries(textFiles(directoryOf(ended)));
  const text = (name: string) => files.find(([path]) => path.endsWith(name))?.[1] ?? '';
  expect(text('summary.txt')).toContain('Deploy loops');
  expect(text('report.html')).toContain('the slowest loops');
});

test('a delay that is put into one phase shows up in that phase alone', async () => {
  const faults = { routeDelaysMs: { 'GET /api/v1/agents/{id}/certificates/{id}': 700 } };
  const config = ['agent=simulated', 'agentPollMs=200', `standInFaults=${JSON.stringify(faults)}`];
  const run = startBench([
    ...['loadtest', '--profile', 'deploy-smoke', '--set', 'scenarios.*.duration=4s'],
    ...config.flatMap((one) => ['-c', one]),
  ]);
  const { deploy_loop } = readSummary(directoryOf(await run.ended));
  for (const target of TARGET_NAMES) {
    const { served, phases } = deploy_loop?.[target] ?? expect.unreachable();
    expect(served, target).toBe(4);
    for (const [phase, { min }] of Object.entries(phases)) {
      if (phase === 'deploy') expect(min, target).toBeGreaterThan(690);
      else expect(min, `${target} ${phase}`).toBeLessThan(690);
    }
  }
});
