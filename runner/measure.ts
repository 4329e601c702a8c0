/** One run against a stack: profile -> plan -> engine -> summary -> files. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from './engine/contract.ts';
import { projectRoot, resultsDir } from './paths.ts';
import { makePlan } from './plan/schedule.ts';
import type { Profile } from './profiles/profile.ts';
import { pushTo } from './push/push.ts';
import { keep, roomForResults } from './report/keep.ts';
import { liveProgress } from './report/progress.ts';
import { histogramLog } from './result/histogram-log.ts';
import { runId } from './result/run-id.ts';
import { buildSummary } from './result/summary.ts';
import type { Summary } from './result/summary-schema.ts';
import { ensureWritable, SUMMARY_JSON } from './result/write.ts';
import { cleanUp, required, seed } from './rows.ts';
import { CLI_VERSION } from './setup/versions.ts';
import type { Subject } from './subject.ts';

export interface MeasureOptions {
  profile: Profile;
  subject: Subject;
  /** Random where absent; the summary has it. */
  seed: number | undefined;
  /** The command line, for the summary. */
  command: string[];
  interrupt: AbortSignal;
  /** Whether the certificates that the run has made are removed after it. */
  cleanup: boolean;
  /** Where the figures are pushed to while it runs; see PushOptions. */
  push?: string | undefined;
  /** Where the text report is printed; stdout where absent. */
  out?: NodeJS.WriteStream | undefined;
}

export interface Measurement {
  summary: Summary;
  /** Folder of the run. */
  directory: string;
  summaryJson: string;
  /** False where that was wanted and failed. */
  cleanedUp: boolean;
}

/**
 * Runs the profile, writes the results and prints the text report.
 * @throws EnvironmentError where the results cannot be written or the subject does not answer: before the load. A
 *   UsageError where rows are to be made or removed and there is no database.
 */
export async function measure({
  profile,
  subject,
  seed: planSeed,
  command,
  interrupt,
  cleanup,
  push: pushUrl,
  out,
}: MeasureOptions): Promise<Measurement> {
  const id = runId();
  const plan = makePlan(profile, { seed: planSeed ?? randomInt(2 ** 31), runId: id });
  if (cleanup) required(subject.database, '--cleanup');
  if (profile.seedRows > 0) required(subject.database, 'seedRows');
  await ensureWritable(resultsDir, roomForResults(plan));
  const live = liveProgress(process.stderr);
  const rows = { database: subject.database, runId: id, say: live.say };
  const push = pushUrl === undefined ? undefined : pushTo({ url: pushUrl, profile, say: live.say });
  const onProgress = (progress: Progress) => {
    live.update(progress);
    push?.update(progress);
  };
  let generated: Awaited<ReturnType<Subject['generate']>>;
  let cleanedUp = true;
  try {
    await seed(profile.seedRows, rows);
    generated = await subject.generate({ plan, profile }, onProgress, interrupt);
  } finally {
    live.done();
    if (cleanup) cleanedUp = await cleanUp(rows);
  }
  const { result, deploy, host, path, seededRows, ...before } = generated;
  const { placement } = subject;
  const versions = { bench: benchVersion(), ...before.versions, pulumi: CLI_VERSION };

  const summary = buildSummary({
    run: { id, command, versions, host },
    subject: subject.subject,
    environment: { generator: { placement, ...(path && { path }) }, ...subject.environment },
    profile,
    result,
    deploy,
    surroundings: {
      ...before,
      // Both decide what a time is made of: runs by different ways do not compare.
      setting: { ...subject.setting, placement: `${placement}, ${path ?? 'unknown path'}`, seededRows },
      versions,
    },
    issued: subject.issued,
    notes: subject.notes,
  });
  const directory = await keep(summary, histogramLog(result), { out });
  await push?.end(summary);
  return { summary, directory, summaryJson: join(directory, SUMMARY_JSON), cleanedUp };
}

function benchVersion(): string {
  const manifest = readFileSync(join(projectRoot, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
