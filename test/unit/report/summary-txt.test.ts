import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { RunResult } from '../../../runner/engine/contract.ts';
import { renderSummaryText } from '../../../runner/report/summary-txt.ts';
import { buildSummary } from '../../../runner/result/summary.ts';
import { healthy, healthyScenarios, runOf, summaryInput } from '../result/run-fixture.ts';
import { troubledRun } from './support.ts';

const directory = 'results/20261125T031500Z-a1b2c3';

async function text(result: RunResult = runOf(healthyScenarios()), color = false): Promise<string> {
  return renderSummaryText(buildSummary(await summaryInput(result)), { color, directory });
}

const passed = await text();
const breached = await text(troubledRun());

test('the first line is the verdict', async () => {
  expect(passed).toMatch(/^PASSED {2}all 14 thresholds held\n/);
  expect(breached).toMatch(/^BREACHED {2}4 of 14 thresholds\n/);
  expect(await text({ ...troubledRun(), interrupted: true })).toMatch(
    /^INTERRUPTED {2}partial: neither a pass nor a breach \(4 of 14 thresholds not met so far\)\n/,
  );
});

test('each breached threshold is named with value and limit before anything else', async () => {
  const [head = ''] = breached.split('\n\n');
  expect(head).toMatch(
    /✗ response_time\{scenario:f5_handshake\} {2}p\(95\)<1500\n +value 2,897\.92 ms, limit 1,500\.00 ms \(500 samples\)/,
  );
  expect(head).toMatch(/✗ response_time\{scenario:haproxy_handshake\} {2}p\(99\)<3000\n +no samples/);
  expect(head).toMatch(/✗ dropped_iterations {2}count==0\n +value 7, limit 0/);
  expect(head.match(/✗/g)).toHaveLength(4);
});

test('a run without a breach names none', async () => {
  expect(passed).not.toContain('✗');
});

test('the stand-in has its banner, certctl has none', async () => {
  const input = await summaryInput();
  const banner = /! The subject is the stand-in, not certctl.* never\n/;
  expect(passed).toMatch(banner);
  const real = buildSummary({ ...input, subject: { kind: 'binary', version: '2.1.7' } });
  expect(renderSummaryText(real, { color: false, directory })).not.toMatch(banner);
});

test('tiers have a row each, and what was not run says so', async () => {
  const report = breached;
  expect(report).toMatch(
    /^ {2}issuance_acceptance +12\.49 +19\.25 +19\.84 +20\.00 +12\.49 +0\.00 % +1,000$/m,
  );
  expect(report).toMatch(/^ {2}f5 +1,996\.80 +2,897\.92 .* 4\.00 % +500$/m);
  expect(report).toMatch(/^ {2}haproxy +not run$/m);
  expect(report).toContain("Higher than k6's http_req_duration");
});

test('every threshold is listed with its mark', async () => {
  const report = breached;
  expect(report).toMatch(/✓ {2}response_time\{scenario:list_certificates\} +p\(95\)<800 +19\.28 ms +975/);
  expect(report).toMatch(/✗ {2}response_time\{scenario:haproxy_handshake\} +p\(95\)<1000 +none +0/);
  expect(report).toMatch(/✓ {2}error_rate +rate<0\.01 +0\.00788 +2,539/);
});

test('arrivals are counted by fate, failures by kind with an example on one line', async () => {
  const report = breached;
  expect(report).toMatch(/^ {2}f5_handshake +507 +480 +20 +7 +0$/m);
  expect(report).toMatch(/^ {2}✗ f5_handshake {2}18 × tls {2}certificate has expired \[31mand more .*…$/m);
  expect(report).toMatch(/^ {2}✗ f5_handshake {2}2 × timeout$/m);
});

test('methodology and places are there', async () => {
  const report = passed;
  for (const part of [
    /hardware +Some CPU × 2, 4\.0 GiB, linux/,
    /subject +stand-in 0\.1\.0, Postgres 15\.14/,
    /images +postgres, nginx, f5-mock: certctl-bench\/debian \(debian, 0f0f0f0f0f0f\)/,
    /issuance_acceptance: 50\/1s for 20s, maxVUs 2000/,
    /nginx_handshake, apache_handshake, haproxy_handshake, f5_handshake: 100\/1m for 19s/,
    /TLSv1\.3 TLS_AES_256_GCM_SHA384 X25519MLKEM768/,
    /command +bench load --profile smoke/,
    new RegExp(`${directory}/summary\\.json`),
  ]) {
    expect(report).toMatch(part);
  }
});

test('no line is longer than 100 columns or ends in spaces', async () => {
  for (const line of breached.split('\n')) {
    expect(line.length).toBeLessThanOrEqual(100);
    expect(line).toBe(line.trimEnd());
  }
});

test('colours only colour', async () => {
  const plain = breached;
  const coloured = await text(troubledRun(), true);
  expect(plain).not.toContain('\u001b');
  expect(coloured).toContain('\u001b');
  expect(stripVTControlCharacters(coloured)).toBe(plain);
});

test('an INVALID run says so first, with each rule, its limit and what to do, and shows all rules', async () => {
  const health = { ...healthy(), steal: 0.25 };
  const invalid = await text({ ...troubledRun(), health });
  expect(invalid).toMatch(/^INVALID {2}the generator cannot vouch for it: .*4 of 14 thresholds not met/);
  const [head = ''] = invalid.split('\n\n');
  expect(head).toMatch(
    /✗ steal\n +25\.00 %, limit 2\.00 % \(share of the machine's CPU time.*measure at\s+another/s,
  );
  expect(invalid).toMatch(/^ {2}✗ +steal +25\.00 % +2\.00 %$/m);
  expect(passed).toMatch(/^ {2}✓ +send_lag .* ms +\d+\.00 ms$/m);
  expect(passed).toMatch(/^ {2}· +cpu_throttled +– +1\.00 % +not known here$/m);
  expect(passed).toMatch(/^ {2}! +sample_count +\w+_handshake +32 +459 +reported only$/m);
});
