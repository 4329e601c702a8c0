/** One run against a stack: profile -> plan -> engine -> summary -> files. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOutputs } from '../infra/outputs.ts';
import { generate } from './generator/generate.ts';
import type { Placement } from './generator/placement.ts';
import { projectRoot, resultsDir } from './paths.ts';
import { makePlan } from './plan/schedule.ts';
import type { Profile } from './profiles/profile.ts';
import { keep, roomForResults } from './report/keep.ts';
import { liveProgress } from './report/progress.ts';
import type { Setting } from './result/fingerprint/fingerprint.ts';
import { histogramLog } from './result/histogram-log.ts';
import { runId } from './result/run-id.ts';
import { buildSummary } from './result/summary.ts';
import type { Summary } from './result/summary-schema.ts';
import { ensureWritable, SUMMARY_JSON } from './result/write.ts';
import { CLI_VERSION } from './setup/versions.ts';

export interface MeasureOptions {
  profile: Profile;
  outputs: BenchOutputs;
  /** The stack's engine: `unix://`, `tcp://` or `ssh://`. */
  dockerHost: string;
  /** Where the generator stands. */
  placement: Placement;
  /** Random where absent; the summary has it. */
  seed: number | undefined;
  /** The command line, for the summary. */
  command: string[];
  interrupt: AbortSignal;
}

export interface Measurement {
  summary: Summary;
  /** Folder of the run. */
  directory: string;
  summaryJson: string;
}

/**
 * Runs the profile, writes the results and prints the text report on stdout.
 * @throws EnvironmentError where the results cannot be written or the subject does not answer: before the load.
 */
export async function measure({
  profile,
  outputs,
  dockerHost,
  placement,
  seed,
  command,
  interrupt,
}: MeasureOptions): Promise<Measurement> {
  const id = runId();
  const plan = makePlan(profile, { seed: seed ?? randomInt(2 ** 31), runId: id });
  await ensureWritable(resultsDir, roomForResults(plan));
  const live = liveProgress(process.stderr);
  const { result, host, path, seededRows, ...before } = await generate({
    placement,
    plan,
    outputs,
    dockerHost,
    onProgress: live.update,
    signal: interrupt,
  }).finally(live.done);
  const versions = { bench: benchVersion(), ...before.versions, pulumi: CLI_VERSION };

  const summary = buildSummary({
    run: { id, command, versions, host },
    subject: outputs.bench.subject,
    environment: { generator: { placement, path }, ...environment(outputs) },
    profile,
    result,
    surroundings: {
      ...before,
      // Both decide what a time is made of: runs by different ways do not compare.
      setting: { ...setting(outputs), placement: `${placement}, ${path}`, seededRows },
      versions,
    },
    issued: issuedCertificates(outputs),
  });
  const directory = await keep(summary, histogramLog(result));
  return { summary, directory, summaryJson: join(directory, SUMMARY_JSON) };
}

function setting({ bench }: BenchOutputs): Omit<Setting, 'seededRows' | 'placement'> {
  return {
    images: bench.images,
    subject: bench.subject.kind,
    postgres: { version: bench.postgres.version, settings: bench.settings.postgres },
    certctlSettings: bench.settings.certctl,
    containerLimits: bench.settings.limits,
  };
}

/** All targets of a stack are given the same one. */
function issuedCertificates({ bench }: BenchOutputs): Record<string, string> {
  const { issued } = bench;
  if (issued === undefined) return {};
  return Object.fromEntries(Object.keys(bench.targets).map((target) => [target, issued.target]));
}

function environment({ bench }: BenchOutputs): Omit<Summary['environment'], 'generator'> {
  const { stack, incarnation, postgres, images, settings, topologyHash } = bench;
  return {
    stack,
    incarnation,
    postgres: { version: postgres.version },
    images,
    settings,
    topologyHash,
  };
}

function benchVersion(): string {
  const manifest = readFileSync(join(projectRoot, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
