import { expect, test } from 'vitest';
import { loadProfile } from '../../../runner/profiles/load.ts';
import { k6Metrics } from '../../../runner/result/k6-metrics.ts';
import { runOf, scenarioOf } from './run-fixture.ts';

const smoke = await loadProfile('smoke');
const api = scenarioOf('list_certificates', [100, 100], {}, { http_req_duration: [50, 50] });
const nginx = scenarioOf(
  'nginx_handshake',
  [300, 300],
  { completed: 1, failed: 1, dropped: 3, unfinished: 1 },
  { http_req_duration: [200, 200], service_time: [250, 250] },
);
const metrics = k6Metrics(smoke, runOf([api, nginx]));

test('trends have the keys of k6, in ms, and leave out connect and TLS', () => {
  expect(metrics['http_req_duration{target_type:nginx}']).toEqual({
    avg: 0.2,
    min: 0.2,
    med: 0.2,
    max: 0.2,
    'p(90)': 0.2,
    'p(95)': 0.2,
    'p(99)': 0.2,
  });
  expect(metrics['http_req_duration{scenario:list_certificates}']?.med).toBe(0.05);
  expect(metrics.http_req_duration).toMatchObject({ min: 0.05, max: 0.2 });
  expect(metrics.iteration_duration?.max).toBe(0.25);
});

test('counters have a count and a rate a second of the run', () => {
  expect(metrics.http_reqs).toEqual({ count: 4, rate: 0.2 });
  expect(metrics['iterations{scenario:nginx_handshake}']).toEqual({ count: 2, rate: 0.1 });
  expect(metrics.dropped_iterations).toEqual({ count: 3, rate: 0.15 });
  expect(metrics.data_sent).toEqual({ count: 500, rate: 25 });
  expect(metrics.data_received).toEqual({ count: 5000, rate: 250 });
});

test('a rate counts failures as passes, as k6 does', () => {
  expect(metrics.http_req_failed).toEqual({ passes: 1, fails: 3, value: 0.25 });
  expect(metrics['http_req_failed{target_type:nginx}']).toEqual({ passes: 1, fails: 1, value: 0.5 });
});

test("k6's names are there, and only where something was run submetrics", () => {
  expect(Object.keys(k6Metrics(smoke, runOf([])))).toEqual([
    'http_req_blocked',
    'http_req_connecting',
    'http_req_tls_handshaking',
    'http_req_sending',
    'http_req_waiting',
    'http_req_receiving',
    'http_req_duration',
    'iteration_duration',
    'http_reqs',
    'iterations',
    'dropped_iterations',
    'http_req_failed',
    'data_sent',
    'data_received',
  ]);
});
