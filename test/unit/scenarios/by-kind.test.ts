import { expect, test } from 'vitest';
import { TARGET_NAMES } from '../../../infra/targets.ts';
import { SCENARIOS } from '../../../runner/scenarios/by-kind.ts';

test.each(TARGET_NAMES)('%s_handshake asks its target for its root over a fresh connection', (target) => {
  const { endpoint, status, request, problem } = SCENARIOS[`${target}_handshake`];
  const arrival = { runId: 'r', scenario: 's', index: 0, runStartMs: 0 };
  expect(endpoint).toBe(target);
  expect(status).toBe(200);
  expect(request(arrival)).toEqual({ method: 'GET', path: '/' });
  expect(problem('anything', arrival)).toBeUndefined();
});
