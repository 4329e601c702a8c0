import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { makePlan } from '../../../runner/plan/schedule.ts';
import { parseProfile } from '../../../runner/profiles/parse.ts';
import { planRows, renderPlan } from '../../../runner/report/plan-txt.ts';

const profile = parseProfile(
  `name: mine
scenarios:
  list_certificates: { executor: ramping-arrival-rate, stages: [{ duration: 30s, target: 10 }], maxVUs: 300 }
  late: { executor: poisson-arrival-rate, exec: nginx_handshake, rate: 5, duration: 15s, startTime: 15s, maxVUs: 150 }
  f5_handshake: { executor: constant-vus, vus: 4, duration: 15s }
  f5_deploy_loop: { executor: constant-arrival-rate, rate: 1, duration: 15s, maxVUs: 30, mode: enrol, deadlines: { csr: 5s } }
  nginx_deploy_loop: { executor: herd, iterations: 50, startTime: 15s }
`,
  'mine.yaml',
);
const plan = makePlan(profile, { seed: 3, runId: 'r' });

test('rows have the figures of the plan, and the course of its rate', () => {
  const [ramp, late, closed, , herd] = planRows(plan);
  expect(ramp).toMatchObject({
    arrivals: 150,
    executor: 'ramping-arrival-rate',
    endSeconds: 30,
    maxVUs: 300,
  });
  for (const [part, rate] of ramp?.course.entries() ?? []) expect(rate).toBeCloseTo((part + 0.5) / 6, 9);
  expect(late?.course).toEqual([...Array(30).fill(0), ...Array(30).fill(5)]);
  expect(late?.firstSeconds).toBeGreaterThanOrEqual(15);
  expect(late?.lastSeconds).toBeLessThanOrEqual(30);
  expect(closed).toMatchObject({ arrivals: null, firstSeconds: null });
  expect(herd).toMatchObject({ arrivals: 50, firstSeconds: 15, lastSeconds: 15, endSeconds: 15, maxVUs: 50 });
  expect(herd?.course).toEqual(Array.from({ length: 60 }, (_, part) => (part === 30 ? 50 : 0)));
  expect(closed?.course).toEqual([...Array(30).fill(4), ...Array(30).fill(0)]);
});

test('the text draws a ramp as a ramp, and says of a closed executor what it is', () => {
  const text = renderPlan(profile, plan, pc.createColors(false));
  expect(text).toContain('seed 3, 30s, ');
  expect(text).toMatch(
    /list_certificates {2}ramping-arrival-rate\n +0\/1s → 10\/1s in 30s, maxVUs 300\n +150 arr/,
  );
  expect(text).toMatch(/^ +▁+▂+▃+▄+▅+▆+▇+█+ {2}9\.92\/s$/m);
  expect(text).toMatch(/late \(nginx_handshake\) {2}poisson-arrival-rate\n +5\/1s for 15s from 15s/);
  expect(text).toContain('1/1s for 15s, maxVUs 30, enrol, deadlines csr 5s');
  expect(text).toMatch(
    /nginx_deploy_loop {2}herd\n +50 at once from 15s\n +50 arrivals, .*\n +█ +50 at once/,
  );
  expect(text).toMatch(
    /f5_handshake {2}constant-vus\n +4 VUs for 15s\n +! closed model, for comparison only/,
  );
  expect(Math.max(...text.split('\n').map((line) => stripVTControlCharacters(line).length))).toBeLessThan(
    121,
  );
});
