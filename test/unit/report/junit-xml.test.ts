import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { junitXml } from '../../../runner/report/junit-xml.ts';
import type { Summary } from '../../../runner/result/summary-schema.ts';
import { summaryOf, troubledRun } from './support.ts';

interface Counts {
  tests: string;
  failures: string;
  name: string;
}
interface Case {
  name: string;
  failure?: { message: string };
}
type Suite = Counts & { testcase: Case[] };

const ARRAYS = ['testsuite', 'testcase'];

function parse(summary: Summary): Counts & { testsuite: Suite[] } {
  const text = junitXml(summary);
  expect(XMLValidator.validate(text)).toBe(true);
  const options = {
    ignoreAttributes: false,
    htmlEntities: true,
    attributeNamePrefix: '',
    isArray: (name: string) => ARRAYS.includes(name),
  };
  return new XMLParser(options).parse(text).testsuites;
}
const cases = (summary: Summary) => parse(summary).testsuite.flatMap(({ testcase }) => testcase);
const failed = (summary: Summary) =>
  cases(summary)
    .filter(({ failure }) => failure)
    .map(({ name }) => name);

test('every threshold is a test case, and the breached ones fail', async () => {
  const summary = await summaryOf(troubledRun());
  const suite = parse(summary).testsuite.find(({ name }) => name === 'thresholds');
  expect(suite?.testcase).toHaveLength(summary.thresholds.length);
  expect(failed(summary)).toEqual([
    'response_time{scenario:haproxy_handshake} p(95)<1000',
    'response_time{scenario:haproxy_handshake} p(99)<3000',
    'response_time{scenario:f5_handshake} p(95)<1500',
    'dropped_iterations count==0',
  ]);
  expect(cases(summary).find(({ name }) => name.endsWith('p(95)<1500'))?.failure?.message).toBe(
    'value 2,897.92 ms, limit p(95)<1500, 500 samples',
  );
});

test('its counts are those of its cases', async () => {
  for (const summary of [await summaryOf(), await summaryOf(troubledRun())]) {
    const { testsuite, ...whole } = parse(summary);
    for (const { tests, failures, testcase } of [...testsuite, { ...whole, testcase: cases(summary) }]) {
      expect(Number(tests)).toBe(testcase.length);
      expect(Number(failures)).toBe(testcase.filter(({ failure }) => failure).length);
    }
  }
});

test('a run that passed fails nothing, one that ended early fails as a run', async () => {
  expect(failed(await summaryOf())).toEqual([]);
  expect(failed(await summaryOf({ ...troubledRun(), interrupted: true }))).toContain('ran to its end');
  const aborted = { metric: 'error_rate', expression: 'rate<0.01', value: 0.5, atMs: 6100 };
  expect(failed(await summaryOf({ ...troubledRun(), aborted }))).toEqual(
    expect.arrayContaining(['ran to its end', 'error_rate rate<0.01']),
  );
});

test('what a name holds breaks no XML', async () => {
  const summary = await summaryOf();
  const [threshold] = summary.thresholds;
  if (threshold === undefined) throw new Error('the profile has thresholds');
  Object.assign(threshold, { metric: `a"b'c<d>&\u0001`, ok: false, reason: ']]>\u001b', value: null });
  expect(junitXml(summary).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  const [name] = failed(summary);
  expect(name).toBe(`a"b'c<d>&  ${threshold.expression}`);
});
