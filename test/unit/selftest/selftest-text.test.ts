import pc from 'picocolors';
import { expect, test } from 'vitest';
import { renderSelfTest } from '../../../runner/commands/selftest.ts';
import type { SelfTest } from '../../../runner/selftest/selftest.ts';

const probe = { rate: 8000, sendLagP50Ms: 0.6, sendLagP99Ms: 1.25, serviceP50Ms: 0.2, cpuUs: 31.4 };
const found: SelfTest = {
  timers: { sleep: { p50Ms: 0.06, p99Ms: 0.4, maxMs: 12.34 }, spin: { maxMs: 3.21, missing: 0.0123 } },
  api: { best: probe, failed: { ...probe, rate: 9000, limit: 'send lag above 5 ms' } },
  handshake: { failed: { ...probe, rate: 100, limit: 'the null target did not answer in time' } },
  path: { path: 'docker-proxy', publishedUs: 400, directUs: 350 },
};
const plain = pc.createColors(false);

test('the figures, what came next, and the way to a container', () => {
  const text = renderSelfTest(found, plain).join('\n');
  expect(text).toMatch(
    /kept connections +8000\/s +0\.600 ms +1\.250 ms +31 us +9000\/s: send lag above 5 ms/,
  );
  expect(text).toMatch(/full handshakes +none +100\/s: the null target did not answer in time/);
  expect(text).toMatch(/late by +p50 0\.060 ms +p99 0\.400 ms +max 12\.3 ms/);
  expect(text).toMatch(/misses +1\.23 % +max 3\.210 ms/);
  expect(text).toContain(
    'passes through docker-proxy: a request takes 400 us, 350 us straight to the container (+50 us)',
  );
});

test('a way that could not be measured says why', () => {
  const path = { notMeasured: 'no Docker engine answers' };
  expect(renderSelfTest({ ...found, path }, plain).at(-1)).toBe('  not measured: no Docker engine answers');
});
