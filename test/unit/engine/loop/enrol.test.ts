/** A loop with a new certificate: created, bound to its site, and renewed for the first time. */
import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { Exchange } from '../../../../runner/engine/exchange.ts';
import { enrolment } from '../../../../runner/engine/loop/enrol.ts';
import { LoopClient } from '../../../../runner/engine/loop/loop-client.ts';
import type { LoopRecord } from '../../../../runner/engine/loop/record.ts';
import { SitePool } from '../../../../runner/engine/loop/site-pool.ts';
import { stageLimits } from '../../../../runner/plan/loop.ts';
import type { HttpRequest } from '../../../../runner/scenarios/scenario.ts';

const RENEWAL = { method: 'POST' as const, path: '/api/v1/certificates/bulk-renew' };
const CREATION = 'POST /api/v1/certificates';

/** What was asked, in order; a binding is a line too. */
let asked: string[];
let bodies: Record<string, unknown>[];
let answers: { status: number; body: string }[];
let bound: () => Promise<void>;
let records: LoopRecord[];
let watched: string[];
let pool: SitePool;
let client: LoopClient;
/** Goes on by one ms whenever it is read. */
let ms: number;
const clock = () => {
  ms += 1;
  return ms * 1e6;
};

beforeEach(() => {
  [asked, bodies, records, watched, ms] = [[], [], [], [], 0];
  answers = [
    { status: 201, body: '{}' },
    { status: 200, body: '{"enqueued_jobs":[{"job_id":"job-1"}]}' },
  ];
  bound = async () => {};
  pool = new SitePool([{ servername: 'one.test', certificate: 'mc-one', target: 'tgt-one' }]);
  client = new LoopClient({
    ...{ scenario: 'nginx_deploy_loop', name: 'nginx', pool, clock, deadlineMs: 90_000 },
    limits: stageLimits({}, { pollMs: 100, deadlineMs: 90_000, executor: 'constant-arrival-rate' }),
    begin: enrolment({
      ...{ runId: 'RUN', runStartMs: Date.UTC(2026, 0, 1), scenario: 'nginx_deploy_loop', clock },
      binder: {
        bind: async (certificate, target) => {
          asked.push(`bind ${certificate} ${target}`);
          await bound();
        },
      },
    }),
    look: async () => undefined,
    api: {
      send: ({ method, path, body = '' }: HttpRequest, call) => {
        asked.push(`${method} ${path}`);
        bodies.push(JSON.parse(body));
        const answer = answers[bodies.length - 1];
        if (answer === undefined) return;
        call.status = answer.status;
        call.readBody = () => answer.body;
        call.answered();
      },
      close: () => {},
    },
    watcher: { add: (renewal) => void watched.push(renewal), remove: () => {}, problem: undefined },
    record: (record) => records.push(record),
    close: () => {},
  });
});

async function send(): Promise<Exchange> {
  const exchange = new Exchange(clock(), clock, () => {});
  client.send(RENEWAL, exchange);
  await setImmediate();
  return exchange;
}

test('a certificate for the name of the site is created, bound to its target, and renewed', async () => {
  const exchange = await send();
  const certificate = 'mc-run.nginx-deploy-loop.0';
  expect(asked).toEqual([CREATION, `bind ${certificate} tgt-one`, `POST ${RENEWAL.path}`]);
  expect(bodies).toMatchObject([
    { id: certificate, common_name: 'one.test', sans: ['one.test'], expires_at: '2027-01-01T00:00:00.000Z' },
    { certificate_ids: [certificate] },
  ]);
  expect(watched).toEqual(['job-1']);
  exchange.abandon();
  const [record] = records;
  expect(record).toMatchObject({ certificate, servername: 'one.test', renewal: 'job-1' });
  const times = [record?.sentNs, record?.createdNs, record?.boundNs, record?.renewedNs, record?.endNs];
  expect(times).toEqual(times.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  expect(new Set(times).size).toBe(5);
});

test.each<[string, () => void, number, RegExp]>([
  [
    'a creation that is answered 500',
    () => {
      answers = [{ status: 500, body: 'Failed to create certificate' }];
    },
    1,
    /^the certificate was not created: status 500: Failed to create certificate$/,
  ],
  [
    'a binding that fails',
    () => {
      bound = async () => {
        throw new Error('no such target');
      };
    },
    2,
    /^the certificate was not bound to its target: no such target$/,
  ],
  [
    'a renewal without a job',
    () => {
      answers[1] = { status: 200, body: '{"total_skipped":1}' };
    },
    3,
    /^the renewal was not accepted: status 200: \{"total_skipped":1\}$/,
  ],
])('%s is not_accepted, nothing more is asked, and the site is free again', async (_, spoil, calls, said) => {
  spoil();
  const { failure } = await send();
  expect(failure).toEqual({ kind: 'not_accepted', message: expect.stringMatching(said) });
  expect(asked).toHaveLength(calls);
  expect(client.isBusy).toBe(false);
  expect(records).toMatchObject([{ failure: 'not_accepted', renewal: null }]);
});

test('a loop whose time is up while it is bound asks for no renewal, and its site is given to no other', async () => {
  const binding = Promise.withResolvers<void>();
  bound = () => binding.promise;
  const exchange = await send();
  exchange.timedOut(90_000);
  binding.resolve();
  await setImmediate();
  expect(asked).toHaveLength(2);
  expect(watched).toEqual([]);
  expect(exchange.failure?.kind).toBe('not_accepted');
  expect(client.isBusy).toBe(true);
});

test('each loop has a certificate of its own', async () => {
  answers = [
    { status: 500, body: '' },
    { status: 500, body: '' },
  ];
  await send();
  await send();
  expect(bodies.map(({ id }) => id)).toEqual(['mc-run.nginx-deploy-loop.0', 'mc-run.nginx-deploy-loop.1']);
});
