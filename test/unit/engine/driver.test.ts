import { expect, test } from 'vitest';
import { Aggregate } from '../../../runner/engine/aggregate.ts';
import { Driver } from '../../../runner/engine/driver.ts';
import { Exchange } from '../../../runner/engine/exchange.ts';
import { Recorder } from '../../../runner/engine/recorder.ts';
import { handshake } from '../../../runner/scenarios/handshake.ts';
import { plannedScenario } from '../../support/plans.ts';

const MS = 1e6;

/** A driver in virtual time, its exchanges in hand. */
function virtual(parts: Parameters<typeof plannedScenario>[0] = {}) {
  const planned = plannedScenario(parts);
  const aggregate = new Aggregate(planned);
  const recorder = new Recorder(planned.name, (report) => aggregate.add(report));
  const sent: Exchange[] = [];
  const time = { ns: 0 };
  const client = { send: (_: unknown, exchange: Exchange) => sent.push(exchange), close: () => {} };
  const run = { runId: 'r', runStartMs: 0 };
  const driver = new Driver(planned, handshake('nginx'), client, recorder, () => time.ns, run);
  const result = () => {
    recorder.flush();
    return aggregate.result();
  };
  return { driver, sent, time, result };
}

function answer(exchange: Exchange | undefined): void {
  if (exchange === undefined) throw new Error('nothing was sent');
  exchange.status = 200;
  exchange.answered();
}

test('response time counts from the plan, service time from the send, and the difference is the send lag', () => {
  const { driver, sent, time, result } = virtual();
  time.ns = 700 * MS;
  driver.release(0, 0);
  time.ns = 750 * MS;
  answer(sent[0]);
  const { trends } = result();
  const ms = (metric: 'response_time' | 'service_time' | 'send_lag') =>
    trends[metric].getValueAtPercentile(50) / 1000;
  expect(ms('response_time')).toBeCloseTo(750, 0);
  expect(ms('service_time')).toBeCloseTo(50, 0);
  expect(ms('send_lag')).toBeCloseTo(700, 0);
});

test('a deadline counts from the send; what is answered in time is not touched by it', () => {
  const { driver, sent, time, result } = virtual({ deadlineMs: 100 });
  driver.release(0, 0);
  driver.release(1, 0);
  time.ns = 99 * MS;
  driver.expire(time.ns);
  answer(sent[0]);
  time.ns = 100 * MS;
  driver.expire(time.ns);
  expect(result().counts).toMatchObject({ completed: 1, failedByKind: { timeout: 1 } });
  expect(driver.idle).toBe(true);
});

test('an answer after its end changes nothing', () => {
  const { driver, sent, time, result } = virtual({ deadlineMs: 100 });
  driver.release(0, 0);
  time.ns = 200 * MS;
  driver.expire(time.ns);
  answer(sent[0]);
  expect(result().counts).toMatchObject({ sent: 1, completed: 0, failed: 1 });
});

test('an end in a second that has just begun is in the series of that second', () => {
  const { driver, sent, time, result } = virtual();
  driver.release(0, 990 * MS);
  driver.release(1, 995 * MS);
  time.ns = 999 * MS;
  answer(sent[0]);
  time.ns = 1001 * MS;
  answer(sent[1]);
  const { series } = result();
  expect(series).toMatchObject([
    { sent: 2, completed: 1 },
    { sent: 0, completed: 1 },
  ]);
  expect(series.map(({ max }) => max)).toEqual([expect.closeTo(9, 1), expect.closeTo(6, 1)]);
});

test('ten different messages are kept, however often the first of them comes', () => {
  const { driver, sent, result } = virtual();
  for (let index = 0; index < 100; index++) driver.release(index, 0);
  for (const [index, exchange] of sent.entries()) {
    exchange.failed(new Error(index < 50 ? 'same' : `other ${index}`));
  }
  const { errorSamples, counts } = result();
  expect(counts.failedByKind).toEqual({ other: 100 });
  expect(errorSamples.map(({ message }) => message)).toEqual([
    'same',
    ...Array.from({ length: 9 }, (_, index) => `other ${50 + index}`),
  ]);
});

test.each([
  ['before TCP is connected: connect_timeout', { dialNs: 1 }, 'connect_timeout'],
  ['in the TLS handshake: timeout', { dialNs: 1, connectedNs: 2 }, 'timeout'],
  ['on a kept connection: timeout', { writeNs: 1 }, 'timeout'],
])('a deadline %s', (_name, times, kind) => {
  const exchange = new Exchange(
    0,
    () => 0,
    () => {},
  );
  let aborted = 0;
  exchange.abort = () => aborted++;
  Object.assign(exchange, times).timedOut(100);
  exchange.timedOut(100);
  expect(exchange.failure?.kind).toBe(kind);
  expect(aborted).toBe(1);
});
