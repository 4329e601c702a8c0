/** What the watcher says of rows that the stand-in has made, on a PostgreSQL in this process. */
import 'reflect-metadata';
import { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { LoopRow } from '../../../../runner/engine/loop/stage.ts';
import { Watcher } from '../../../../runner/engine/loop/watcher.ts';
import { startStandIn } from '../../fixtures/certctl-stand-in/on-database.ts';
import { PGLITE_URL } from '../../fixtures/certctl-stand-in/pglite.ts';

let standIn: Awaited<ReturnType<typeof startStandIn>>;
let watcher: Watcher;
let row: LoopRow | undefined;
/** The queries for rows so far. */
let asked = 0;
let agents = 0;
let agent: string;

beforeAll(async () => {
  standIn = await startStandIn();
  await call('teams', { id: 't-1', name: 'one' });
  await call('owners', { id: 'o-1', name: 'one', email: 'one@example.test', team_id: 't-1' });
});
afterAll(() => standIn.close());

beforeEach(async () => {
  agents += 1;
  agent = await newAgent(`agent-${agents}`, `host-${agents}`);
  row = undefined;
  asked = 0;
  const debug = (_connection: number, query: string) => {
    if (query.includes('FROM jobs')) asked += 1;
  };
  watcher = new Watcher(PGLITE_URL, { socket: standIn.socket, debug });
});
afterEach(async () => {
  watcher.remove(renewalOf(1));
  await watcher.close();
});

async function call(path: string, body?: unknown, method = 'POST') {
  const answer = await standIn.api.request(`/api/v1/${path}`, {
    method,
    headers: { authorization: 'Bearer admin-key' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: JSON of each shape that the API has
  return (await answer.json()) as any;
}

const newAgent = async (name: string, hostname: string): Promise<string> =>
  (await call('agents', { name, hostname })).id;
const renewalOf = (site: number) => `job-renewal-${agents}-${site}`;
const deploymentOf = (site: number) => `job-deployment-${agents}-${site}`;
const poll = () => call(`agents/${agent}/work`, undefined, 'GET');
const report = (site: number, status: string, by = agent) =>
  call(`agents/${by}/jobs/${deploymentOf(site)}/status`, { status });

/** A renewal that is signed and its deployment, in that order of time. */
async function deployment(site: number, status: string, of = agent) {
  const [certificate, target] = [`mc-${agents}-${site}`, `tgt-${agents}-${site}`];
  await call('targets', { id: target, name: target, type: 'NGINX', agent_id: of });
  await call('certificates', {
    ...{ id: certificate, name: certificate, common_name: certificate, environment: 'production' },
    ...{ owner_id: 'o-1', team_id: 't-1', issuer_id: 'iss-local', renewal_policy_id: 'rp-default' },
    expires_at: '2099-01-01T00:00:00Z',
  });
  const renewal = { id: renewalOf(site), type: 'Renewal', status: 'Completed' };
  const job = { id: deploymentOf(site), type: 'Deployment', status };
  await standIn.sql`INSERT INTO jobs ${standIn.sql({ ...renewal, certificate_id: certificate })}`;
  const more = { certificate_id: certificate, target_id: target, agent_id: of };
  await standIn.sql`INSERT INTO jobs ${standIn.sql({ ...job, ...more })}`;
}

const watch = () =>
  watcher.add(renewalOf(1), (seen) => {
    row = seen;
  });
const seen = (expected: Partial<LoopRow>) =>
  vi.waitFor(() => expect(row).toMatchObject(expected), { timeout: 5000, interval: 10 });

test('an agent that has just reported another deployment may still come to this one', async () => {
  await deployment(2, 'Pending');
  await deployment(1, 'Pending');
  watch();
  await seen({ deployment: deploymentOf(1), deployment_status: 'Pending', agent_is_busy: false });
  await poll();
  await seen({ deployment_status: 'Running', deployment_reported: false, agent_is_busy: false });
  await report(2, 'Running');
  await seen({ deployment_reported: false, agent_is_busy: true });
  await report(1, 'Running');
  await seen({ deployment_reported: true });
  await report(1, 'Completed');
  await seen({ deployment_status: 'Completed', deployment_reported: false, agent_is_busy: false });
});

test('while no transaction ends the rows are told again and not asked for, but for once a second', async () => {
  await deployment(1, 'Pending');
  let told = 0;
  watcher.add(renewalOf(1), (seen) => {
    row = seen;
    told += 1;
  });
  await vi.waitFor(() => expect(told).toBeGreaterThan(20), { timeout: 10_000 });
  expect(asked).toBeLessThan(told / 2);
  const before = asked;
  await vi.waitFor(() => expect(asked).toBeGreaterThan(before), { timeout: 5000 });
  await report(1, 'Completed');
  await seen({ deployment_status: 'Completed' });
});

test('one that has been at another deployment for long may still come to this one', async () => {
  await deployment(2, 'Pending');
  await deployment(1, 'Pending');
  await poll();
  await report(2, 'Running');
  await standIn.sql`
    UPDATE audit_events SET timestamp = timestamp - interval '1 minute' WHERE resource_id = ${deploymentOf(2)}`;
  watch();
  await seen({ deployment_status: 'Running', deployment_reported: false, agent_is_busy: true });
});

test('one that has polled twice since has not been given it', async () => {
  await deployment(2, 'Pending');
  await poll();
  // As certctl's job processor takes it.
  await deployment(1, 'Running');
  await report(2, 'Completed');
  watch();
  await seen({ deployment_status: 'Running', deployment_reported: false, agent_is_busy: true });
  await poll();
  await poll();
  await seen({ deployment_reported: false, agent_is_busy: false });
});

test.each([
  ['of its host', () => `host-${agents}`, true],
  ['of another host', () => `other-${agents}`, false],
])('one may wait for its turn while another agent %s is at a deployment', async (_what, host, isBusy) => {
  const other = await newAgent(`other-${agents}`, host());
  await deployment(2, 'Pending', other);
  await deployment(1, 'Pending');
  await poll();
  await call(`agents/${other}/work`, undefined, 'GET');
  await report(2, 'Running', other);
  watch();
  const unreported = { deployment_status: 'Running', deployment_reported: false };
  await seen({ ...unreported, agent_is_busy: isBusy });
  await poll();
  await poll();
  await seen({ ...unreported, agent_is_busy: false });
});

test('a database that does not answer is told, and for how long', async () => {
  const silent = new Watcher(PGLITE_URL, {
    socket: async () => {
      const nobody = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
      const self = () => nobody;
      return Object.assign(nobody, { setKeepAlive: self, setNoDelay: self, ref: self, unref: self });
    },
  });
  silent.add('job-1', () => {});
  expect(silent.problem).toBeUndefined();
  await vi.waitFor(() => expect(silent.problem).toMatch(/^no answer for 1\.\d s$/), 5000);
  silent.remove('job-1');
  await silent.close();
});
