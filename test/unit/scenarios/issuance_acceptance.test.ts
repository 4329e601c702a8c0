import { expect, test } from 'vitest';
import { issuanceAcceptance } from '../../../runner/scenarios/issuance_acceptance.ts';
import type { Arrival } from '../../../runner/scenarios/scenario.ts';

const arrival: Arrival = {
  runId: '20261125T031500Z-a1b2c3',
  scenario: 'issuance_acceptance',
  index: 12,
  runStartMs: Date.UTC(2026, 10, 25),
};

function body(change: Partial<Arrival> = {}): Record<string, unknown> {
  return JSON.parse(issuanceAcceptance.request({ ...arrival, ...change }).body ?? '');
}

test('posts a certificate with all that certctl requires', () => {
  const { method, path } = issuanceAcceptance.request(arrival);
  expect([method, path]).toEqual(['POST', '/api/v1/certificates']);
  expect(issuanceAcceptance.status).toBe(201);
  expect(body()).toMatchInlineSnapshot(`
    {
      "common_name": "20261125t031500z-a1b2c3.issuance-acceptance.12.bench.test",
      "environment": "production",
      "expires_at": "2027-11-25T00:00:00.000Z",
      "id": "mc-20261125t031500z-a1b2c3.issuance-acceptance.12",
      "issuer_id": "iss-local",
      "name": "20261125t031500z-a1b2c3.issuance-acceptance.12",
      "owner_id": "o-bench",
      "renewal_policy_id": "rp-default",
      "sans": [
        "20261125t031500z-a1b2c3.issuance-acceptance.12.bench.test",
      ],
      "team_id": "t-bench",
    }
  `);
});

test('id, name and common name are valid and unique to run, scenario and arrival', () => {
  const bodies = [body(), body({ index: 13 }), body({ scenario: 'other' }), body({ runId: 'r' })];
  for (const field of ['id', 'name', 'common_name']) {
    expect(new Set(bodies.map((one) => one[field])).size).toBe(4);
  }
  for (const { id, common_name } of bodies) {
    expect(id).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
    expect(common_name).toMatch(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+test$/);
  }
});

test('expires more than 31 days after the start of the run', () => {
  const ahead = Date.parse(String(body().expires_at)) - arrival.runStartMs;
  expect(ahead).toBeGreaterThan(31 * 24 * 3600 * 1000);
});

test('accepts the echo, with whatever else the subject adds', () => {
  const echo = JSON.stringify({ ...body(), status: 'Pending', created_at: 'now' });
  expect(issuanceAcceptance.problem(echo, arrival)).toBeUndefined();
});

test.each([
  ['', 'the answer is not a JSON object'],
  ['[]', 'the answer is not a JSON object'],
  ['{"id":1}', /^id is 1, asked was "mc-/],
  [JSON.stringify({ ...body(), name: 'other' }), /^name is "other", asked was /],
  [JSON.stringify({ ...body(), common_name: undefined }), /^common_name is undefined, asked was /],
  [JSON.stringify(body({ index: 13 })), /^id is /],
])('refuses %s', (answer, problem) => {
  expect(issuanceAcceptance.problem(answer, arrival)).toMatch(problem);
});
