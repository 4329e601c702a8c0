/**
 * Send lag and CPU of the whole engine at the baseline's rates (100 API requests and 6.7 handshakes a second),
 * against a server of its own in another process.
 *
 *     node bench/send-lag.ts [seconds, default 30]
 *
 * Last figures (two shared virtual cores, 30 s): send lag p50 8-62 us, p99 0.9-2.2 ms, max 10 ms, where a spin
 * loop in the same minutes has a p99 of 2.3 ms; 13 % of a core.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import Table from 'cli-table3';
import type { Endpoints } from '../runner/engine/contract.ts';
import { run } from '../runner/engine/run.ts';
import { makePlan } from '../runner/plan/schedule.ts';
import { loadProfile } from '../runner/profiles/load.ts';
import { startServer } from '../test/support/https-server.ts';

async function measure(endpoints: Endpoints, seconds: number): Promise<void> {
  const profile = await loadProfile('baseline');
  for (const config of Object.values(profile.scenarios)) {
    Object.assign(config, { duration: seconds * 1000, startTime: 0 });
  }
  const plan = makePlan(profile, { seed: 1, runId: 'send-lag' });
  const before = process.cpuUsage();
  const { scenarios, durationMs } = await run({ plan, endpoints });
  const { user, system } = process.cpuUsage(before);

  const table = new Table({
    head: ['scenario', 'sent', 'failed', 'lag p50 us', 'p99 us', 'max us', 'response p50 us'],
  });
  for (const { name, counts, trends } of Object.values(scenarios)) {
    const lag = (percent: number) => trends.send_lag.getValueAtPercentile(percent);
    const response = trends.response_time.getValueAtPercentile(50);
    table.push([name, counts.sent, counts.failed, lag(50), lag(99), lag(100), response]);
  }
  console.log(table.toString());
  console.log(`CPU of the generator: ${((user + system) / 10 / durationMs).toFixed(1)} % of a core`);
}

if (process.send === undefined) {
  const server = fork(import.meta.filename);
  const [endpoints] = (await once(server, 'message')) as [Endpoints];
  await measure(endpoints, Number(process.argv[2] ?? 30));
  server.disconnect();
} else {
  const server = await startServer();
  process.once('disconnect', () => server[Symbol.asyncDispose]());
  process.send(server.endpoints);
}
