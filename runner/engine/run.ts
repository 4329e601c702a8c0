/** One execution of a plan. */
import { isLoop, type Plan, type PlannedScenario } from '../plan/plan.ts';
import { Aggregate } from './aggregate.ts';
import { clockFrom } from './clock.ts';
import type { Aborted, RunRequest, RunResult, ScenarioResult } from './contract.ts';
import { checkEndpoints } from './endpoints.ts';
import type { Health } from './health.ts';
import { HealthAggregate } from './health-aggregate.ts';
import type { LoopRecord } from './loop/record.ts';
import { MachineWatch } from './machine-watch.ts';
import { Threads } from './threads.ts';
import { Awake } from './wakeful.ts';

const NS_PER_MS = 1e6;
/** From the order to start until the first arrival can be due: enough for the order to reach all threads. */
const LEAD_MS = 100;
/** What is in flight when a run is interrupted may still take this long. */
const INTERRUPT_GRACE_MS = 1000;
/** A lane that has not ended this long after its last gracefulStop hangs, and is killed. */
const HANG_MS = 5000;
/** How long after the end of a second its reports are here. */
const REPORTS_MS = 100;

/**
 * Carries out the plan and gives back what was measured. One thread (or as many as the plan has workers) sends the API
 * scenarios, another makes the handshakes, a further one paces all of them; this one adds up what they report. A run ends by itself: at the latest a few seconds after the
 * last gracefulStop, or after `signal` was aborted; also when a thread dies, whose arrivals are then accounted for
 * (failed as `worker_died`, or dropped), and without the pacer, which the others do without. Where `judge` finds a breach it ends early, within the longest gracefulStop.
 *
 * Throws a UsageError, before anything is sent, where the plan needs an endpoint that is not given.
 */
export async function run({ plan, endpoints, onProgress, judge, signal }: RunRequest): Promise<RunResult> {
  checkEndpoints(plan.scenarios, endpoints);
  const aggregates = plan.scenarios.map((planned) => new Aggregate(planned, plan.workers));
  const byName = new Map(aggregates.map((aggregate) => [aggregate.name, aggregate]));
  const lanes = new HealthAggregate();
  const loops: LoopRecord[] = [];
  const threads = new Threads(plan, endpoints, {
    report: (worker, report) => byName.get(report.scenario)?.add(report, worker),
    sample: (lane, sample) => lanes.add(lane, sample),
    loop: (loop) => void loops.push(loop),
  });
  const timers: NodeJS.Timeout[] = [];
  let interrupt = () => {};
  let machine: MachineWatch | undefined;
  using awake = new Awake();
  try {
    await threads.ready();
    const leadMs = LEAD_MS + plan.warmUpMs;
    const runStartMs = Date.now() + leadMs;
    const zero = process.hrtime.bigint() + BigInt(leadMs * NS_PER_MS);
    const clock = clockFrom(zero);
    machine = new MachineWatch();
    threads.start({ type: 'start', zero, runStartMs });

    const killAfter = (ms: number) =>
      timers.push(setTimeout(() => threads.kill('it did not end in time'), ms + HANG_MS));
    killAfter(leadMs + longest(plan, ({ endNs, gracefulStopMs }) => endNs / NS_PER_MS + gracefulStopMs));

    let untilNs = Infinity;
    const stop = (nowNs: number, graceMs: number) => {
      untilNs = Math.min(untilNs, nowNs);
      threads.stop(graceMs);
      killAfter(
        Math.min(
          graceMs,
          longest(plan, ({ gracefulStopMs }) => gracefulStopMs),
        ),
      );
    };
    let interrupted = false;
    interrupt = () => {
      interrupted = true;
      stop(clock(), INTERRUPT_GRACE_MS);
    };
    if (signal?.aborted) interrupt();
    else signal?.addEventListener('abort', interrupt, { once: true });

    const totalMs = longest(plan, ({ endNs }) => endNs / NS_PER_MS);
    let aborted: Aborted | undefined;
    const eachSecond = () => {
      const nowNs = clock();
      const elapsedMs = nowNs / NS_PER_MS;
      const scenarios = aggregates.map((aggregate) => aggregate.progress(nowNs));
      onProgress?.({ elapsedMs, totalMs, scenarios });
      // What has sent everything, or has been stopped, is not stopped.
      if (untilNs !== Infinity || elapsedMs >= totalMs) return;
      const breach = judge?.({ scenarios: resultsOf(aggregates), durationMs: elapsedMs });
      if (breach === undefined) return;
      aborted = { ...breach, atMs: elapsedMs };
      stop(nowNs, Infinity);
    };
    timers.push(setTimeout(() => timers.push(setInterval(eachSecond, 1000)), leadMs + REPORTS_MS));

    const deaths = await threads.ended(clock);
    for (const { worker, scenarios, diedNs, reason } of deaths) {
      for (const { name } of scenarios) byName.get(name)?.laneDied(diedNs, untilNs, reason, worker);
    }
    const health = {
      lanes: lanes.result(),
      deaths: [...deaths.map(({ reason }) => reason), ...(threads.pacerDeath ? [threads.pacerDeath] : [])],
      ...machine.end(),
      awake: awake.isHeld,
    };
    const result = resultOf(
      plan,
      aggregates,
      runStartMs,
      { interrupted, ...(aborted && { aborted }) },
      health,
    );
    return plan.scenarios.some(isLoop) ? { ...result, loops } : result;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    for (const timer of timers) clearTimeout(timer);
    machine?.dispose();
    await threads.dispose();
  }
}

function resultOf(
  plan: Plan,
  aggregates: Aggregate[],
  runStartMs: number,
  end: Pick<RunResult, 'interrupted' | 'aborted'>,
  health: Health,
): RunResult {
  const durationMs = Math.max(0, ...aggregates.map(({ lastEndNs }) => lastEndNs / NS_PER_MS));
  return {
    seed: plan.seed,
    startedAt: new Date(runStartMs).toISOString(),
    endedAt: new Date(runStartMs + durationMs).toISOString(),
    durationMs,
    ...end,
    scenarios: resultsOf(aggregates),
    health,
  };
}

function resultsOf(aggregates: Aggregate[]): Record<string, ScenarioResult> {
  return Object.fromEntries(aggregates.map((aggregate) => [aggregate.name, aggregate.result()]));
}

function longest({ scenarios }: Plan, ms: (planned: PlannedScenario) => number): number {
  return Math.max(0, ...scenarios.map(ms));
}
