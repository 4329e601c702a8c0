/**
 * Send lag and CPU of the ways to pace arrivals, without any request: what runner/engine/pacing.ts chose from.
 *
 *     node bench/pacing.ts [seconds, default 5] [rounds, default 3]
 *
 * Last figures (two shared virtual cores, median of three rounds of 4 s; their host takes a core away for 1-3 ms
 * now and then, which no way escapes and which is most of p99):
 *
 *     arrivals/s  way                        lag p50 us  p99 us  CPU %
 *     100         setTimeout                        745    1831    1.9
 *     100         setTimeout + setImmediate           2    2331   17.4
 *     100         pacer thread                       14    1885    2.5
 *     1000        setTimeout                        552    1116    3.1
 *     1000        setTimeout + setImmediate           1     132  100.4
 *     1000        pacer thread                        1     759   19.4
 *     5000        setTimeout                        559    1114    3.9
 *     5000        setTimeout + setImmediate           1    3383   93.6
 *     5000        pacer thread                      277    2287    9.0
 */
import { MessageChannel, type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads';
import Table from 'cli-table3';
import { clockFrom } from '../runner/engine/clock.ts';
import { OWN_TIMER_MS, PacedTimeline } from '../runner/engine/paced-timeline.ts';
import { onWake, pace, sleeper } from '../runner/engine/pacing.ts';
import { newTrends, record } from '../runner/engine/trends.ts';
import type { PlannedScenario } from '../runner/plan/plan.ts';
import { tlsPolicyOf } from '../runner/plan/tls-policy.ts';

const RATES = [100, 1000, 5000];
/** Until the threads are there. */
const LEAD_MS = 1000;

/** Calls `release` when the next arrival is due, until it returns Infinity; it returns ns until the one after. */
type Way = (release: () => number, wake: MessagePort, untilDue: () => number, isWoken: () => boolean) => void;

const WAYS: Record<string, Way> = {
  /** Node's timers, as most tools do. */
  setTimeout(release) {
    const turn = () => {
      const ns = release();
      if (ns < Infinity) setTimeout(turn, Math.max(1, Math.ceil(ns / 1e6)));
    };
    turn();
  },
  /** Node's timers for the most part, then a spin through the event loop. */
  'setTimeout + setImmediate': (release) => {
    const turn = () => {
      const ns = release();
      if (ns > 2e6 && ns < Infinity) setTimeout(turn, Math.floor(ns / 1e6) - 1);
      else if (ns < Infinity) setImmediate(turn);
    };
    turn();
  },
  /** The engine's own. */
  'pacer thread': (release, wake, untilDue, isWoken) => {
    let isArmed = false;
    const turn = () => {
      release();
      if (isWoken() || isArmed) return;
      isArmed = true;
      setTimeout(() => {
        isArmed = false;
        turn();
      }, OWN_TIMER_MS);
    };
    onWake(wake, untilDue, turn);
  },
};

interface Job {
  role: string;
  zero: bigint;
  scenarios: PlannedScenario[];
  wake: MessagePort;
}

interface Lag {
  p50: number;
  p99: number;
  max: number;
}

function planned(rate: number, seconds: number): PlannedScenario {
  const limits = { maxVUs: 1, deadlineMs: 1, gracefulStopMs: 0 };
  return {
    name: 'paced',
    kind: 'list_certificates',
    executor: 'constant-arrival-rate',
    spacing: { type: 'even', phase: 0 },
    startNs: 0,
    course: [{ durationNs: seconds * 1e9, from: rate, to: rate }],
    arrivals: rate * seconds,
    endNs: seconds * 1e9,
    httpVersion: 1.1,
    tls: tlsPolicyOf(),
    ...limits,
  };
}

function lane({ role, zero, scenarios, wake }: Job): void {
  const clock = clockFrom(zero);
  const timeline = new PacedTimeline(scenarios);
  const { send_lag } = newTrends();
  const release = () => {
    while (timeline.dueNs <= clock()) {
      record(send_lag, clock() - timeline.dueNs);
      timeline.advance();
    }
    if (timeline.dueNs === Infinity) {
      wake.close();
      const us = (percent: number) => send_lag.getValueAtPercentile(percent);
      parentPort?.postMessage({ p50: us(50), p99: us(99), max: us(100) } satisfies Lag);
    }
    return timeline.dueNs - clock();
  };
  WAYS[role]?.(
    release,
    wake,
    () => timeline.dueNs - clock(),
    () => timeline.isWoken,
  );
}

/** One round of one way; CPU in percent of a core. */
async function measure(way: string, rate: number, seconds: number): Promise<Lag & { cpu: number }> {
  const { port1, port2 } = new MessageChannel();
  const job = { zero: process.hrtime.bigint() + BigInt(LEAD_MS * 1e6), scenarios: [planned(rate, seconds)] };
  const start = (role: string, wake: MessagePort) =>
    new Worker(new URL(import.meta.url), { workerData: { ...job, role, wake }, transferList: [wake] });
  const threads = [start(way, port1)];
  if (way === 'pacer thread') threads.push(start('pacer', port2));
  await new Promise((resolve) => setTimeout(resolve, LEAD_MS));
  const before = process.cpuUsage();
  const lag = await new Promise<Lag>((resolve) => threads[0]?.once('message', resolve));
  const { user, system } = process.cpuUsage(before);
  await Promise.all(threads.map((thread) => thread.terminate()));
  return { ...lag, cpu: (user + system) / 1e4 / seconds };
}

async function main(seconds: number, rounds: number): Promise<void> {
  const table = new Table({ head: ['arrivals/s', 'way', 'lag p50 us', 'p99 us', 'max us', 'CPU %'] });
  for (const rate of RATES) {
    const seen = new Map(Object.keys(WAYS).map((way) => [way, [] as (Lag & { cpu: number })[]]));
    // Round by round, so that a busy minute of the machine meets all ways.
    for (let round = 0; round < rounds; round++) {
      for (const [way, results] of seen) results.push(await measure(way, rate, seconds));
    }
    for (const [way, results] of seen) {
      const median = (field: keyof Lag | 'cpu') => {
        const sorted = results.map((result) => result[field]).sort((a, b) => a - b);
        return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
      };
      table.push([rate, way, median('p50'), median('p99'), median('max'), median('cpu').toFixed(1)]);
    }
  }
  console.log(table.toString());
}

const job = workerData as Job | null;
if (job === null) {
  await main(Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 3));
} else if (job.role === 'pacer') {
  const sleep = sleeper(new Int32Array(new SharedArrayBuffer(4)));
  pace([{ scenarios: job.scenarios, wake: job.wake }], clockFrom(job.zero), sleep);
} else {
  lane(job);
}
