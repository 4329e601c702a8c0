import { Ajv2020 } from 'ajv/dist/2020.js';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { profileSchema } from '../../../runner/profiles/profile.ts';
import { thresholdValue } from '../../../runner/report/threshold-text.ts';
import { verdictSentence } from '../../../runner/report/verdict-sentence.ts';
import { statistics } from '../../../runner/result/statistics.ts';
import { buildSummary, STAND_IN_NOTE } from '../../../runner/result/summary.ts';
import { summarySchema } from '../../../runner/result/summary-schema.ts';
import { healthyScenarios, runOf, scenarioOf, summaryInput } from './run-fixture.ts';

const schema = z.toJSONSchema(summarySchema, { io: 'input' });
const asWritten = (value: unknown) => JSON.parse(JSON.stringify(value));

// Out of date: `vitest -u` writes it again.
test('docs/summary.schema.json is what the code says', async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../../docs/summary.schema.json',
  );
});

// Formats are for other readers; z.iso.datetime brings a pattern that says the same.
const validate = new Ajv2020({ validateFormats: false }).compile(schema);
function schemaErrors(summary: unknown) {
  validate(asWritten(summary));
  return validate.errors;
}

test('a summary is what the schema says, with and without samples', async () => {
  for (const result of [runOf(healthyScenarios()), runOf([]), runOf([scenarioOf('nginx_handshake', [])])]) {
    expect(schemaErrors(buildSummary(await summaryInput(result)))).toBeNull();
  }
});

test('the schema refuses a summary with a fate or a figure missing', async () => {
  const without = (remove: (summary: Record<string, Record<string, object>>) => void) => {
    const copy = asWritten(summary);
    remove(copy);
    return validate(copy);
  };
  const summary = buildSummary(await summaryInput());
  expect(without(() => {})).toBe(true);
  expect(without((copy) => Reflect.deleteProperty(copy.connector_tier?.nginx ?? {}, 'p95'))).toBe(false);
  expect(without((copy) => Reflect.deleteProperty(copy.connector_tier ?? {}, 'f5'))).toBe(false);
  expect(without((copy) => Reflect.deleteProperty(copy, 'verdict'))).toBe(false);
});

test('the verdict is PASSED, BREACHED on one threshold, INTERRUPTED before both', async () => {
  const breached = runOf(healthyScenarios().slice(1));
  const build = async (result = runOf(healthyScenarios())) => buildSummary(await summaryInput(result));
  expect((await build()).verdict).toBe('PASSED');
  expect((await build(breached)).verdict).toBe('BREACHED');
  const interrupted = await build({ ...breached, interrupted: true });
  expect(interrupted.verdict).toBe('INTERRUPTED');
  expect(interrupted.run.interrupted).toBe(true);
  expect(interrupted.thresholds.filter(({ ok }) => !ok)).toHaveLength(2);
});

test('a run that a threshold ended is BREACHED and says which and when, unless it is INVALID or INTERRUPTED', async () => {
  const aborted = {
    metric: 'response_time{scenario:nginx_handshake}',
    expression: 'p(95)<1000',
    value: 1234.5,
    atMs: 6100,
  };
  // All that was planned until then was due.
  const result = runOf(healthyScenarios(), { aborted });
  const summary = buildSummary(await summaryInput(result));
  expect(summary).toMatchObject({ verdict: 'BREACHED', run: { aborted, interrupted: false } });
  expect(verdictSentence(summary)).toBe(
    '1 of 14 thresholds; response_time{scenario:nginx_handshake} p(95)<1000 ended the run at 6.1 s',
  );
  const [missed] = summary.thresholds.filter(({ ok }) => !ok);
  expect(missed && thresholdValue(missed)).toBe(
    'value 9.01 ms, and 1,234.50 ms when it ended the run at 6.1 s',
  );
  expect(schemaErrors(summary)).toBeNull();
  expect(buildSummary(await summaryInput({ ...result, interrupted: true })).verdict).toBe('INTERRUPTED');
  result.health.deaths.push('the api worker died');
  expect(buildSummary(await summaryInput(result)).verdict).toBe('INVALID');
});

test('a run of the stand-in says that it is not certctl, one of certctl does not', async () => {
  const input = await summaryInput();
  expect(buildSummary(input).notes).toEqual([STAND_IN_NOTE]);
  expect(buildSummary({ ...input, subject: { kind: 'binary', version: '2.1.7' } }).notes).toEqual([]);
});

test('the profile in it can be run again', async () => {
  const input = await summaryInput();
  const { profile } = buildSummary(input);
  expect(profile.scenarios.nginx_handshake).toMatchObject({ timeUnit: '1m', duration: '19s' });
  expect(profileSchema.parse(asWritten(profile))).toEqual(input.profile);
});

test('figures of a scenario can be computed again from its encoded histograms', async () => {
  const { scenarios } = buildSummary(await summaryInput());
  for (const { histograms, response_time, service_time } of Object.values(scenarios)) {
    expect(statistics(decodeFromCompressedBase64(histograms.response_time))).toEqual(response_time);
    expect(statistics(decodeFromCompressedBase64(histograms.service_time))).toEqual(service_time);
  }
});

test('the same run gives the same summary', async () => {
  expect(buildSummary(await summaryInput())).toEqual(buildSummary(await summaryInput()));
});

test('a scenario that the profile does not know is a fault of the program', async () => {
  const input = await summaryInput(runOf([scenarioOf('mystery', [1])]));
  expect(() => buildSummary(input)).toThrow(/mystery/);
});
