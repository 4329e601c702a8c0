/** junit.xml: every threshold and every rule of validity is a test case, so that any CI shows which one was missed. */
import { html } from 'hono/html';
import type { Summary } from '../result/summary-schema.ts';
import { brokenRule } from './summary-validity.ts';
import { thresholdValue } from './threshold-text.ts';
import { abortedSentence } from './verdict-sentence.ts';

interface Case {
  name: string;
  /** Why it is not met; undefined where it is. */
  failure?: string | undefined;
}

interface Suite {
  name: string;
  cases: Case[];
}

/** A run that ended early fails by itself: what was not measured to the end has not passed. */
export function junitXml(summary: Summary): string {
  const { run, profile } = summary;
  const suites = [runSuite(summary), thresholdSuite(summary), validitySuite(summary)];
  const cases = suites.flatMap((suite) => suite.cases);
  const seconds = (run.durationMs / 1000).toFixed(3);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    html`<testsuites name="certctl-bench ${profile.name}" tests="${cases.length}" failures="${failures(cases)}" time="${seconds}">`,
    ...suites.flatMap((suite) => [
      html`  <testsuite name="${suite.name}" tests="${suite.cases.length}" failures="${failures(suite.cases)}" errors="0" skipped="0" time="0" timestamp="${run.startedAt}">`,
      ...suite.cases.map((one) => testCase(`certctl-bench.${profile.name}.${suite.name}`, one)),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function testCase(classname: string, { name, failure }: Case) {
  const head = html`    <testcase classname="${classname}" name="${printable(name)}" time="0"`;
  if (failure === undefined) return `${head}/>`;
  return `${head}>${html`<failure message="${printable(failure)}"></failure>`}</testcase>`;
}

function runSuite({ run, notes }: Summary): Suite {
  const failure = run.interrupted
    ? ['interrupted: the run is partial', ...notes].join('; ')
    : run.aborted && abortedSentence(run.aborted);
  return { name: 'run', cases: [{ name: 'ran to its end', failure }] };
}

function thresholdSuite({ thresholds }: Summary): Suite {
  const cases = thresholds.map((threshold) => ({
    name: `${threshold.metric} ${threshold.expression}`,
    failure: threshold.ok
      ? undefined
      : `${thresholdValue(threshold)}, limit ${threshold.expression}, ${threshold.samples} samples`,
  }));
  return { name: 'thresholds', cases };
}

function validitySuite({ validity }: Summary): Suite {
  const cases = (validity?.rules ?? [])
    .filter(({ judged }) => judged)
    .map((rule) => ({ name: rule.rule, failure: rule.ok ? undefined : brokenRule(rule) }));
  return { name: 'validity', cases };
}

const failures = (cases: Case[]) => cases.filter(({ failure }) => failure !== undefined).length;

/** XML 1.0 has no place for control characters, escaped or not. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, ' ');
