import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { LOOP_PHASES } from '../../../runner/deploy/phases.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import { parseProfile } from '../../../runner/profiles/parse.ts';
import { reportHtml } from '../../../runner/report/report-html.ts';
import { renderSummaryText } from '../../../runner/report/summary-txt.ts';
import { deployLoopSummary } from '../../../runner/result/deploy-loop.ts';
import type { Summary } from '../../../runner/result/summary-schema.ts';
import { servedLoop } from '../result/loop-fixture.ts';
import { runOf, scenarioOf } from '../result/run-fixture.ts';
import { evidence } from './support.ts';

const profile = await loadProfile('deploy-smoke');
const without = evidence('baseline-stand-in');
const failed = { ...servedLoop('f5', 0, 5), failure: 'lost_deployment' as const, times: null };
const loops = [
  servedLoop('nginx', 0, 70_000),
  servedLoop('nginx', 0, 35_000),
  servedLoop('f5', 0, 7, 'enrol'),
  failed,
];
const summary: Summary = {
  ...without,
  deploy_loop: deployLoopSummary(profile, runOf([scenarioOf('nginx_handshake', [1000])]), {
    ...{ loops, differences: [], clock: null, pollMs: 30_000 },
  }),
};
const { document } = parseHTML(await reportHtml(summary));
const section = document.querySelector('#deploy');

test('the page has a waterfall a target in which the phases follow each other, work and waiting in two colours', () => {
  const titles = [...(section?.querySelectorAll('figcaption') ?? [])].map((one) => one.textContent);
  expect(titles).toEqual([
    'nginx: a loop in the mean',
    'f5: a loop in the mean',
    'nginx: the slowest loops',
    'f5: the slowest loops',
  ]);
  const [bars = [], enrolled = []] = [...(section?.querySelectorAll('figure svg') ?? [])].map((one) => [
    ...one.querySelectorAll('rect'),
  ]);
  // A certificate is created and bound in an enrolment only.
  expect([bars.length, enrolled.length]).toEqual([LOOP_PHASES.length - 2, LOOP_PHASES.length]);
  const sides = bars.map((bar) => [Number(bar.getAttribute('x')), Number(bar.getAttribute('width'))]);
  for (const [index, [x = 0]] of sides.entries()) {
    const [before = 0, width = 0] = sides[index - 1] ?? [x, 0];
    expect(x).toBeCloseTo(before + width, 0);
  }
  expect(new Set(bars.map((bar) => bar.getAttribute('fill'))).size).toBe(2);
});

test('the slowest loops are there with their ids, failures by kind, and what reloads cost', () => {
  const text = section?.textContent ?? '';
  expect(text).toContain('1 × lost_deployment');
  expect(text).toContain('nginx.test');
  expect(text).toContain('Handshakes of others while certificates were deployed');
});

test('the deadlines of the stages are listed, in the text and on the page', () => {
  const text = renderSummaryText(summary, { color: false, directory: 'x' });
  expect(text).toMatch(
    /mode +accept +csr +sign +claim +deploy +serve +loop\n +nginx_deploy_loop +renew +20s +20s +20s +20s/,
  );
  const table = [...(section?.querySelectorAll('caption') ?? [])].find((one) =>
    one.textContent?.startsWith('What loops do'),
  )?.parentElement;
  expect(table?.querySelectorAll('tbody tr').length).toBe(2);
  expect(table?.textContent).toMatch(/f5_deploy_looprenew(20s){5}15s20s/);
});

test('a herd has a row of when it was served, in the text and on the page', async () => {
  const herd = parseProfile(
    'name: x\nscenarios: { nginx_deploy_loop: { executor: herd, iterations: 2 } }\n',
    'x',
  );
  const some = [servedLoop('nginx', 0, 30_000), servedLoop('nginx', 0, 31_000)];
  const account = { loops: some, differences: [], clock: null, pollMs: 1 };
  const both: Summary = { ...without, deploy_loop: deployLoopSummary(herd, runOf([]), account) };
  const row = ['nginx_deploy_loop', '2 of 2', '30.00 s', '30.00 s', '31.00 s', '60.0'];
  expect(renderSummaryText(both, { color: false, directory: 'x' })).toMatch(new RegExp(row.join(' +')));
  const page = parseHTML(await reportHtml(both)).document.querySelector('#deploy')?.textContent;
  expect(page).toContain('How herds came to be served');
  expect(page).toContain('nginx_deploy_loop: served of the herd');
  expect(page).toContain(row.join(''));
  expect(section?.textContent).not.toContain('herds');
});

test('the text has a line a target; without deploy loops there is nothing of them', async () => {
  const text = (one: Summary) => renderSummaryText(one, { color: false, directory: 'x' });
  expect(text(summary)).toMatch(/nginx +2 of 2 .* 70,/);
  expect(text(summary)).toMatch(/f5 +1 of 2 /);
  expect(text(summary)).toMatch(/create +bind +renew .*\n +nginx +– +– +3,/);
  expect(text(summary)).toMatch(
    /nginx: when it was served is known to 20\.\d+ ms p50, 20\.\d+ ms p95, .* \(6 handshakes\)/,
  );
  expect(text(summary)).toMatch(
    /nginx: around reloads .* p99 of a second .* in the median, .* at most; else /,
  );
  const deploy_clock = { offset_ms: -1.234, round_trip_ms: 0.5, moved_ms: 0.021 };
  expect(text({ ...summary, deploy_clock })).toContain(
    "certctl's clock minus ours: -1.23 ms (±0.25 ms), moved by 0.02 ms during the run",
  );
  expect(text(without)).not.toContain('Deploy loops');
  expect(parseHTML(await reportHtml(without)).document.querySelector('#deploy')).toBeNull();
});
