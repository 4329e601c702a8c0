/** What the watches read from Linux, from recorded texts; and a busy loop that they notice. */
import { expect, test } from 'vitest';
import { type LaneSample, LaneWatch, parseSchedstat } from '../../../runner/engine/lane-watch.ts';
import {
  cpuStatFiles,
  MachineWatch,
  parseCpuTimes,
  parseThrottling,
  stealBetween,
  throttledBetween,
} from '../../../runner/engine/machine-watch.ts';
import { addRecorded } from '../../../runner/engine/recorded.ts';
import { newHistogram } from '../../../runner/engine/trends.ts';

const PROC_STAT = `cpu  117557 21608 37116 188502 1174 0 1643 162 40 5
cpu0 58778 10804 18558 94251 587 0 821 81 20 2
intr 1 2 3
`;

test('/proc/stat: all times but those of guests, which are counted twice there', () => {
  expect(parseCpuTimes(PROC_STAT)).toEqual({ total: 367762, steal: 162 });
  expect(parseCpuTimes('cpu  1 2 3 4\n')).toBeNull();
  expect(parseCpuTimes('')).toBeNull();
});

test('steal is a share of the time between two readings', () => {
  expect(stealBetween({ total: 1000, steal: 10 }, { total: 2000, steal: 30 })).toBeCloseTo(0.02, 12);
  expect(stealBetween(null, { total: 2000, steal: 30 })).toBeNull();
  expect(stealBetween({ total: 1000, steal: 10 }, { total: 1000, steal: 10 })).toBeNull();
});

test('cpu.stat of cgroup v2 and v1: how often a quota stopped the process', () => {
  const v2 = 'usage_usec 5\nnr_periods 200\nnr_throttled 50\nthrottled_usec 12\n';
  const v1 = 'nr_periods 100\nnr_throttled 40\nthrottled_time 5\n';
  expect(throttledBetween(parseThrottling(v1), parseThrottling(v2))).toBeCloseTo(0.1, 12);
  expect(parseThrottling('usage_usec 5\n')).toBeNull();
  const none = { periods: 0, throttled: 0 };
  expect(throttledBetween(none, none)).toBeNull();
});

test('where cpu.stat is', () => {
  expect(cpuStatFiles('0::/user.slice/x.scope\n')).toEqual([
    '/sys/fs/cgroup/user.slice/x.scope/cpu.stat',
    '/sys/fs/cgroup/cpu.stat',
  ]);
  expect(cpuStatFiles('4:memory:/a\n2:cpu,cpuacct:/b\n0::/\n')).toEqual([
    '/sys/fs/cgroup/cpu/b/cpu.stat',
    '/sys/fs/cgroup/cpu/cpu.stat',
    '/sys/fs/cgroup//cpu.stat',
    '/sys/fs/cgroup/cpu.stat',
  ]);
  expect(cpuStatFiles('')).toEqual([]);
});

test('schedstat has the time in the run queue second', () => {
  expect(parseSchedstat('7251034 55132 12\n')).toBe(55132);
  expect(parseSchedstat('0 0\n')).toBeNull();
});

test('a lane tells each second once, with its CPU share and the lateness of its timer', () => {
  const samples: LaneSample[] = [];
  const watch = new LaneWatch(20, (sample) => samples.push(sample));
  const started = performance.now();
  const nowNs = () => (performance.now() - started) * 1e6;
  watch.tick(-5e6);
  // Always busy, and 50 ms from tick to tick, of which 20 are asked for.
  while (nowNs() < 1.1e9) {
    const until = nowNs() + 50e6;
    while (nowNs() < until);
    watch.tick(nowNs());
  }
  watch.end(nowNs() + 0.6e9);
  expect(samples.map(({ second }) => second)).toEqual([0, 1]);
  const [first] = samples;
  expect(first?.cpu).toBeGreaterThan(0.05);
  expect(first?.cpu).toBeLessThan(1.1);
  const delay = newHistogram();
  addRecorded(delay, first?.loopDelay ?? expect.unreachable());
  expect(delay.getValueAtPercentile(50) / 1000).toBeGreaterThan(29);
});

test('a lane whose first tick comes late tells nothing of what was before it', () => {
  const told: LaneSample[] = [];
  const watch = new LaneWatch(20, (sample) => told.push(sample));
  for (const ms of [2500, 3100, 4200]) watch.tick(ms * 1e6);
  expect(told.map(({ second, cpu }) => [second, Number.isFinite(cpu)])).toEqual([
    [2, true],
    [3, true],
  ]);
});

test('the machine watch sees the CPU time and the memory of this process', () => {
  const watch = new MachineWatch();
  const until = process.cpuUsage();
  while (process.cpuUsage(until).user < 50_000);
  const { process: own } = watch.end();
  expect(own.cpuSeconds).toBeGreaterThan(0.05);
  expect(own.rssMaxBytes).toBeGreaterThanOrEqual(own.rssStartBytes);
});
