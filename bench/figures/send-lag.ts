/**
 * Send lag of the whole engine at the baseline's rates (100 API requests and 6.7 handshakes a second), against a server
 * in another process, beside what no code on this machine can do better: how late a thread is that only sleeps, and the
 * largest gap that a loop sees which does nothing but read the clock.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Endpoints } from '../../runner/engine/contract.ts';
import { sleeper } from '../../runner/engine/pacing.ts';
import { Awake } from '../../runner/engine/wakeful.ts';
import { makePlan } from '../../runner/plan/schedule.ts';
import { loadProfile } from '../../runner/profiles/load.ts';
import { merged } from '../../runner/result/statistics.ts';
import { sleepOvershoot, spin } from '../../runner/selftest/timers.ts';
import { startServer } from '../../test/support/https-server.ts';
import { startGenerator } from '../generator.ts';
import type { Figure } from './figure.ts';

export async function sendLagFigures(rounds: number, seconds: number): Promise<Figure[]> {
  const [p50, p99, beyond, cpu]: [number[], number[], number[], number[]] = [[], [], [], []];
  const [slept50, slept99]: [number[], number[]] = [[], []];
  const sleep = sleeper(new Int32Array(new SharedArrayBuffer(4)));
  for (let round = 0; round < rounds; round++) {
    const server = fork(import.meta.filename);
    const [endpoints] = (await once(server, 'message')) as [Endpoints];
    const plan = makePlan(await baseline(seconds), { seed: round, runId: 'send-lag' });
    const { scenarios, health, durationMs } = await startGenerator({ plan, endpoints }).result;
    server.disconnect();
    const lag = merged(Object.values(scenarios).map(({ trends }) => trends.send_lag));
    const spun = spin((seconds * 1000) / 2);
    using _awake = new Awake();
    const slept = sleepOvershoot(sleep, (seconds * 1000) / 2);
    p50.push(lag.getValueAtPercentile(50) / 1000);
    p99.push(lag.getValueAtPercentile(99) / 1000);
    slept50.push(slept.p50Ms);
    slept99.push(slept.p99Ms);
    beyond.push(lag.getValueAtPercentile(100) / 1000 - spun.maxMs);
    cpu.push((health.process.cpuSeconds / durationMs) * 1e5);
  }
  return [
    {
      what: 'send lag p50 at the baseline load',
      unit: 'ms',
      bench: p50,
      peers: { 'a thread that only sleeps': slept50 },
    },
    {
      what: 'send lag p99 at the baseline load',
      unit: 'ms',
      bench: p99,
      peers: { 'a thread that only sleeps': slept99 },
      goal: { atMost: 1 },
    },
    {
      what: 'its max beyond the largest gap that a spin loop sees next',
      unit: 'ms',
      bench: beyond,
      goal: { atMost: 5 },
    },
    { what: 'CPU of the generator meanwhile, of a core', unit: '%', bench: cpu },
  ];
}

async function baseline(seconds: number) {
  const profile = await loadProfile('baseline');
  for (const config of Object.values(profile.scenarios)) {
    Object.assign(config, { duration: seconds * 1000, startTime: 0 });
  }
  return profile;
}

if (process.argv[1] === import.meta.filename) {
  const server = await startServer();
  process.once('disconnect', () => server[Symbol.asyncDispose]());
  process.send?.(server.endpoints);
}
