/** The account of the deploy loops of a run: ours and certctl's, put together. */
import type { DeployEndpoint, RunResult } from '../engine/contract.ts';
import type { LoopRecord } from '../engine/loop/record.ts';
import { record } from '../engine/trends.ts';
import type { ClockOffset } from './clock-offset.ts';
import { type Ledger, readLedger } from './ledger.ts';
import { type LoopTimes, loopTimes } from './phases.ts';
import { reloadedNs } from './reload.ts';

export interface AccountedLoop extends LoopRecord {
  /** Null where it was not served, or certctl has no rows of it. */
  times: LoopTimes | null;
  /** When its target was reloaded, ns since time zero; null where that is not known to have happened. */
  reloadedNs: number | null;
}

export interface AccountClock extends ClockOffset {
  /** How far the offset moved from before the run to after it, ms. */
  movedMs: number;
}

export interface DeployAccount {
  loops: AccountedLoop[];
  /** Where certctl's rows and our loops differ, a line a certificate in counts, and a line a loop in times. */
  differences: string[];
  /** certctl's clock, by which its rows are put between our times; null where they could not be read. */
  clock: AccountClock | null;
  /** How often agents ask for work. */
  pollMs: number;
}

/**
 * How far certctl's rows may be outside of our times, ms, beside what the clock's offset is uncertain by. Ours are taken
 * before a call is sent and after its answer is here, so that causes come before effects to what the two clocks are apart
 * by: this is for whole milliseconds of its times, and for clocks that are being slewed.
 */
const TOLERANCE_MS = 50;

/**
 * Reads certctl's rows, and records work and wait of each loop into the trends of its scenario.
 *
 * @param before the clock's offset as it was before the run
 * @returns undefined where no loop was planned
 */
export async function accountFor(
  result: RunResult,
  deploy: DeployEndpoint | undefined,
  before: ClockOffset | undefined,
): Promise<DeployAccount | undefined> {
  const { loops } = result;
  if (loops === undefined || deploy === undefined) return undefined;
  const { pollMs } = deploy;
  const startMs = Date.parse(result.startedAt);
  let ledger: Ledger;
  try {
    ledger = await readLedger(deploy, loops, startMs);
  } catch (error) {
    // What was measured is kept, and the run is INVALID.
    const differences = [`certctl's rows could not be read: ${(error as Error).message}`];
    const untold = loops.map((loop) => ({
      ...loop,
      times: null,
      reloadedNs: reloadedNs(loop, undefined, startMs),
    }));
    return { loops: untold, differences, clock: null, pollMs };
  }
  const accounted = loops.map((loop) => ({
    ...loop,
    times: loopTimes(loop, ledger, startMs) ?? null,
    reloadedNs: reloadedNs(loop, ledger, startMs),
  }));
  for (const { scenario, times } of accounted) {
    const trends = result.scenarios[scenario]?.trends;
    if (times === null || trends === undefined) continue;
    record(trends.deploy_work, times.workMs * 1e6);
    record(trends.deploy_wait, times.waitMs * 1e6);
  }
  const { clock } = ledger;
  const movedMs = clock.offsetMs - (before ?? clock).offsetMs;
  const found = [...differences(loops, ledger), ...outside(accounted, clock)];
  return { loops: accounted, differences: found, clock: { ...clock, movedMs }, pollMs };
}

/** Loops of which certctl says what by our clock cannot have been: their phases are not to be believed. */
export function outside(loops: readonly AccountedLoop[], { tripMs }: ClockOffset): string[] {
  const limitMs = TOLERANCE_MS + tripMs / 2;
  return loops.flatMap(({ certificate, renewal, times }) => {
    if (times === null || times.outsideMs <= limitMs) return [];
    return [
      `${certificate}: certctl's times of ${renewal} are ${times.outsideMs.toFixed(0)} ms outside of ours`,
    ];
  });
}

/**
 * Of each certificate whose loops were all served there must be as many versions, deployments and deployments that were
 * reported as Completed as there were loops. Of others nothing is said: what is left of a loop that failed may go on.
 */
export function differences(loops: readonly LoopRecord[], { jobs, versions, audit }: Ledger): string[] {
  const completed = new Set(
    audit.flatMap(({ action, status, resource }) =>
      action === 'job_status_reported' && status === 'Completed' ? resource : [],
    ),
  );
  return Object.entries(Object.groupBy(loops, ({ certificate }) => certificate)).flatMap(([id, own = []]) => {
    if (own.some(({ failure }) => failure !== null)) return [];
    const deployments = jobs.filter(({ type, certificate }) => type === 'Deployment' && certificate === id);
    const counts = {
      versions: versions.filter(({ certificate }) => certificate === id).length,
      deployments: deployments.length,
      completions: deployments.filter((job) => completed.has(job.id)).length,
    };
    if (Object.values(counts).every((count) => count === own.length)) return [];
    const words = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
    return [`${id}: ${own.length} loops, ${words.join(', ')}`];
  });
}
