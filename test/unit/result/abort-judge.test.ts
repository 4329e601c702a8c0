/** Thresholds with abortOnFail, while a run lasts and in its results. */
import { expect, test } from 'vitest';
import type { ScenarioResult } from '../../../runner/engine/contract.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import type { ThresholdEntry } from '../../../runner/profiles/threshold-entry.ts';
import { abortJudge, evaluateThresholds } from '../../../runner/result/thresholds.ts';
import { runOf, scenarioOf } from './run-fixture.ts';

const smoke = await loadProfile('smoke');
const abortOnFail = (threshold: string, delayAbortEval = 0) => ({
  threshold,
  abortOnFail: true,
  delayAbortEval,
});
const slow = scenarioOf('nginx_handshake', [300_000, 300_000]);

function judge(entries: ThresholdEntry[], durationMs: number, scenarios: ScenarioResult[] = [slow]) {
  const profile = { ...smoke, thresholds: { error_rate: ['rate>2'], response_time: entries } };
  return abortJudge(profile)(runOf(scenarios, { durationMs }));
}

test('a threshold that holds, or that is not to abort, lets a run go on', () => {
  expect(judge([abortOnFail('max<301')], 5000)).toBeUndefined();
  expect(
    judge(['max<1', { threshold: 'max<1', abortOnFail: false, delayAbortEval: 0 }], 5000),
  ).toBeUndefined();
});

test('the first that does not hold is named with its value', () => {
  expect(judge([abortOnFail('max<301'), abortOnFail('avg<200'), abortOnFail('max<1')], 5000)).toEqual({
    metric: 'response_time',
    expression: 'avg<200',
    value: expect.closeTo(300, 0),
  });
});

test('delayAbortEval: not judged before, judged from then on', () => {
  expect(judge([abortOnFail('max<1', 5000)], 4999)).toBeUndefined();
  expect(judge([abortOnFail('max<1', 5000)], 5000)).toMatchObject({ expression: 'max<1' });
});

test('without samples nothing is judged yet, where a run that is over has failed', () => {
  const none = [scenarioOf('nginx_handshake', [])];
  expect(judge([abortOnFail('max<1')], 5000, none)).toBeUndefined();
  const profile = { ...smoke, thresholds: { response_time: [abortOnFail('max<1')] } };
  expect(evaluateThresholds(profile, runOf(none))).toMatchObject([{ ok: false, value: null }]);
});

test('what ended a run has failed, also where it holds again by its end', () => {
  const thresholds = { response_time: ['max<400', abortOnFail('avg<400')] };
  const aborted = { metric: 'response_time', expression: 'avg<400', value: 500, atMs: 3100 };
  expect(evaluateThresholds({ ...smoke, thresholds }, runOf([slow], { aborted }))).toMatchObject([
    { expression: 'max<400', ok: true },
    {
      expression: 'avg<400',
      value: expect.closeTo(300, 0),
      ok: false,
      reason: 'it ended the run',
      aborted: { value: 500, atMs: 3100 },
    },
  ]);
});
