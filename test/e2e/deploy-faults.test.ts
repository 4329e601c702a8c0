/**
 * Agents that deploy, beside certctl's: the same calls; and whatever breaks in a deploy loop, the loop ends by where it
 * stopped, in time, and the next run is clean.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { TARGET_NAMES, type TargetName } from '../../infra/targets.ts';
import type { Summary } from '../../runner/result/summary-schema.ts';
import { freePort } from '../support/free-port.ts';
import { type AgentTrace, recordTraces } from './support/agent-trace.ts';
import { DeployStack, loopProfile } from './support/deploy-stack.ts';

/** Between two polls of an agent there is time to do something to what it will fetch, also on a busy machine. */
const CONFIG = ['agent=simulated', 'agentPollMs=1500', 'sites=12'];
const clean = loopProfile(
  'clean',
  Object.fromEntries(TARGET_NAMES.map((target) => [target, { loops: 2, deadline: 20 }])),
);

let stack: DeployStack;

beforeAll(async () => {
  // An engine may publish a container that starts again at another port, where none is fixed.
  const ports = JSON.stringify({ certctl: await freePort() });
  stack = await DeployStack.make(`deploy-faults-${process.pid}`, ...CONFIG, `ports=${ports}`);
});
afterAll(() => stack?.down());

async function expectClean(): Promise<void> {
  const { deploy_loop, validity } = await stack.load(clean);
  for (const target of TARGET_NAMES) expect(deploy_loop?.[target], target).toMatchObject({ n: 2, served: 2 });
  const rows = validity?.rules.find(({ rule }) => rule === 'deploy_rows');
  expect(rows).toMatchObject({ value: 0, ok: true });
}

function loopsOf({ deploy_loop, scenarios }: Summary, target: TargetName) {
  const { n, served, failed_by_kind } = deploy_loop?.[target] ?? expect.unreachable();
  const { errorSamples, response_time } = scenarios[`${target}_deploy_loop`] ?? expect.unreachable();
  const messages = errorSamples.map(({ message }) => message).join('\n');
  return { n, served, failed_by_kind, messages, longest: response_time.max ?? 0 };
}

test('the simulated agent’s calls, and what they leave, are those of certctl’s agent', async () => {
  const file = join(import.meta.dirname, 'support/agent-traces.json');
  const { traces } = JSON.parse(readFileSync(file, 'utf8')) as { traces: Record<string, AgentTrace> };
  expect(await recordTraces(stack.outputs, 20_000)).toEqual(traces);
});

/** Time enough for two more polls: an agent that has polled twice since is known to be at nothing else. */
const KILLED = loopProfile('agent-killed', { nginx: { deadline: 6 }, apache: { deadline: 6 } });

test('an agent killed between CSR and deployment; a deployment that the job processor took', async () => {
  onTestFailed(() => stack.docker('start', 'nginx-agent'));
  let lost = '';
  const summary = await stack.load(KILLED, async () => {
    const kill = async () => {
      await stack.untilPending(stack.site('nginx').certificate);
      await stack.docker('kill', 'nginx-agent');
    };
    const take = async () => {
      lost = await stack.untilPending(stack.site('apache').certificate);
      await stack.sql`UPDATE jobs SET status = 'Running' WHERE id = ${lost}`;
    };
    await Promise.all([kill(), take()]);
  });
  const killed = loopsOf(summary, 'nginx');
  expect(killed).toMatchObject({ n: 1, failed_by_kind: { not_claimed: 1 } });
  const taken = loopsOf(summary, 'apache');
  expect(taken).toMatchObject({ n: 1, failed_by_kind: { lost_deployment: 1 } });
  expect(taken.messages).toContain('JOB_PROCESSOR_INTERVAL');
  for (const { longest } of [killed, taken]) expect(longest).toBeLessThan(8000);
  // As many are named as are left Running.
  const left = await stack.sql`SELECT id FROM jobs WHERE type = 'Deployment' AND status = 'Running'`;
  expect(left.map(({ id }) => id)).toEqual([lost]);
  await stack.docker('start', 'nginx-agent');
  await expectClean();
});

/** Each of the calls of a deployment; `after` tells those that begin alike. */
const F5_CALLS = [
  { call: 'POST /mgmt/shared/authn/login' },
  { call: 'POST /mgmt/shared/authn/login', after: 1 },
  { call: 'POST /mgmt/shared/file-transfer/uploads/certctl-cert-' },
  { call: 'POST /mgmt/shared/file-transfer/uploads/certctl-key-' },
  { call: 'POST /mgmt/shared/file-transfer/uploads/certctl-chain-' },
  { call: 'POST /mgmt/tm/sys/crypto/cert' },
  { call: 'POST /mgmt/tm/sys/crypto/key' },
  { call: 'POST /mgmt/tm/sys/crypto/cert', after: 1 },
  { call: 'POST /mgmt/tm/transaction' },
  { call: 'PATCH /mgmt/tm/ltm/profile/client-ssl/' },
  { call: 'PATCH /mgmt/tm/transaction/' },
];
const CONFIGURED = loopProfile('wrong-config', {
  ...{ nginx: { loops: 2, deadline: 20 }, apache: { loops: 2, deadline: 20 } },
  f5: { loops: F5_CALLS.length + 1, perSecond: 4, deadline: 20 },
});

test('an invalid directory, a reload that fails, an F5 that answers 500 at each of its calls in turn', async () => {
  const nginx = await stack.reconfigure(stack.site('nginx').target, { cert_path: '/nowhere/site.crt' });
  const apache = await stack.reconfigure(stack.site('apache').target, { reload_command: '/bin/false' });
  const url = `${stack.outputs.bench.targets.f5.url}/f5-mock/calls`;
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const body = JSON.stringify({ faults: F5_CALLS });
  expect((await request(url, { method: 'PUT', dispatcher, body })).statusCode).toBe(200);
  const summary = await stack.load(CONFIGURED);
  await Promise.all([nginx(), apache(), dispatcher.destroy()]);

  for (const [target, reason] of [
    ['nginx', /nowhere/],
    ['apache', /"\/bin\/false" failed/],
  ] as const) {
    const loops = loopsOf(summary, target);
    expect(loops).toMatchObject({ n: 2, served: 1, failed_by_kind: { deploy_failed: 1 } });
    expect(loops.messages).toMatch(reason);
    // Told by the agent, not by the deadline.
    expect(loops.longest).toBeLessThan(10_000);
  }
  const f5 = loopsOf(summary, 'f5');
  expect(f5).toMatchObject({ n: 12, served: 1, failed_by_kind: { deploy_failed: F5_CALLS.length } });
  expect(f5.longest).toBeLessThan(15_000);
  const rows = await stack.sql<{ last_error: string }[]>`
    SELECT last_error FROM jobs WHERE type = 'Deployment' AND target_id LIKE 'tgt-f5-%' AND status = 'Failed'
    ORDER BY created_at`;
  const failed = rows.map(({ last_error }) => last_error.replace('F5: ', '').replace(' /', ' /mgmt/'));
  for (const [index, { call }] of F5_CALLS.entries()) {
    expect(failed[index]).toMatch(call);
    expect(failed[index]).toMatch('was answered 500');
  }
  await expectClean();
});

const DEAD = loopProfile('dead-target', { nginx: { deadline: 6 }, apache: { deadline: 6 } });

test('a target that hangs, and one that is dead, and its agent with it', async () => {
  onTestFailed(() => stack.up());
  const summary = await stack.load(DEAD, async () => {
    await Promise.all([
      stack.untilPending(stack.site('nginx').certificate).then(() => stack.docker('pause', 'nginx')),
      stack.untilPending(stack.site('apache').certificate).then(() => stack.docker('kill', 'apache')),
    ]);
  });
  await stack.docker('unpause', 'nginx');
  const hangs = loopsOf(summary, 'nginx');
  expect(hangs).toMatchObject({ n: 1, failed_by_kind: { not_served: 1 } });
  expect(hangs.messages).toContain('answers no handshake');
  // They share their processes: who kills the first of them kills the other too.
  const dead = loopsOf(summary, 'apache');
  expect(dead).toMatchObject({ n: 1, failed_by_kind: { not_claimed: 1 } });
  for (const { longest } of [hangs, dead]) expect(longest).toBeLessThan(9000);
  await stack.up();
  await expectClean();
});

const RESTARTED = loopProfile('server-restarted', { nginx: { loops: 12, deadline: 20 } });

test('certctl is away for three seconds in the middle of a loop', async () => {
  const summary = await stack.load(RESTARTED, async () => {
    await stack.untilPending(stack.site('nginx').certificate);
    await stack.docker('kill', 'certctl');
    await sleep(3000);
    await stack.docker('start', 'certctl');
  });
  const { n, served, failed_by_kind, messages, longest } = loopsOf(summary, 'nginx');
  // Those that had begun before go on, those that came meanwhile were refused at once.
  expect(Object.keys(failed_by_kind)).toEqual(['not_accepted']);
  expect(failed_by_kind.not_accepted).toBeGreaterThanOrEqual(2);
  expect(served + (failed_by_kind.not_accepted ?? 0)).toBe(n);
  expect(served).toBeGreaterThanOrEqual(3);
  expect(messages).toMatch(/the renewal was not accepted: /);
  expect(longest).toBeLessThan(20_000);
  await expectClean();
});

const PAUSED = loopProfile('database-paused', {
  nginx: { deadline: 5 },
  // Some of them arrive while PostgreSQL stands still, whenever the one of nginx is pending.
  haproxy: { loops: 6, deadline: 40 },
});

test('PostgreSQL stands still for ten seconds: who may wait is served, who may not is told why', async () => {
  const summary = await stack.load(PAUSED, async () => {
    await stack.untilPending(stack.site('nginx').certificate);
    await stack.docker('pause', 'postgres');
    await sleep(10_000);
    await stack.docker('unpause', 'postgres');
  });
  const hasty = loopsOf(summary, 'nginx');
  expect(hasty).toMatchObject({ n: 1, failed_by_kind: { not_claimed: 1 } });
  expect(hasty.messages).toMatch(/the database does not answer/);
  expect(hasty.longest).toBeLessThan(8000);
  const patient = loopsOf(summary, 'haproxy');
  expect(patient).toMatchObject({ n: 6, served: 6 });
  expect(patient.longest).toBeGreaterThan(9000);
  await expectClean();
});
