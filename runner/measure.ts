/** One run against a stack: profile -> plan -> engine -> summary -> files. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOutputs } from '../infra/outputs.ts';
import type { Endpoints } from './engine/contract.ts';
import { run } from './engine/run.ts';
import { reach } from './generator/reach.ts';
import { projectRoot, resultsDir } from './paths.ts';
import type { Plan } from './plan/plan.ts';
import { makePlan } from './plan/schedule.ts';
import type { Profile } from './profiles/profile.ts';
import { keep, roomForResults } from './report/keep.ts';
import { liveProgress } from './report/progress.ts';
import type { Setting } from './result/fingerprint/fingerprint.ts';
import { machine, moment } from './result/fingerprint/machine.ts';
import { roundTripMs } from './result/fingerprint/round-trip.ts';
import { histogramLog } from './result/histogram-log.ts';
import { hostFacts } from './result/host.ts';
import { runId } from './result/run-id.ts';
import { buildSummary } from './result/summary.ts';
import type { Summary } from './result/summary-schema.ts';
import { ensureWritable, SUMMARY_JSON } from './result/write.ts';
import { prepare } from './scenarios/prepare.ts';
import { CLI_VERSION } from './setup/versions.ts';

export interface MeasureOptions {
  profile: Profile;
  outputs: BenchOutputs;
  /** The stack's engine: `unix://`, `tcp://` or `ssh://`. */
  dockerHost: string;
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
  seed,
  command,
  interrupt,
}: MeasureOptions): Promise<Measurement> {
  const id = runId();
  const plan = makePlan(profile, { seed: seed ?? randomInt(2 ** 31), runId: id });
  await ensureWritable(resultsDir, roomForResults(plan));
  const { endpoints, close } = await reach(toEndpoints(outputs), dockerHost);
  const { result, seededRows, ...before } = await load(plan, endpoints, interrupt).finally(close);

  const summary = buildSummary({
    run: { id, command, versions: versions(), host: hostFacts() },
    subject: outputs.bench.subject,
    environment: environment(outputs),
    profile,
    result,
    surroundings: {
      ...before,
      machine: machine(),
      setting: { ...setting(outputs), seededRows },
      versions: versions(),
    },
    issued: issuedCertificates(outputs),
  });
  const directory = await keep(summary, histogramLog(result));
  return { summary, directory, summaryJson: join(directory, SUMMARY_JSON) };
}

/** What was before the load, and the load. */
async function load(plan: Plan, endpoints: Endpoints, signal: AbortSignal) {
  const seededRows = endpoints.api ? await prepare(endpoints.api, endpoints.ca) : null;
  const before = { seededRows, moment: moment(), roundTripMs: await distance(endpoints) };
  const live = liveProgress(process.stderr);
  const result = await run({ plan, endpoints, onProgress: live.update, signal }).finally(live.done);
  return { ...before, result };
}

/** To the API, else to any target. */
function distance({ api, targets }: Endpoints): Promise<number | null> {
  const [target] = Object.values(targets);
  if (api === undefined) return target ? roundTripMs(target.host, target.port) : Promise.resolve(null);
  const { hostname, port } = new URL(api.url);
  return roundTripMs(hostname.replace(/^\[|\]$/g, ''), Number(port || 443));
}

function setting({ bench }: BenchOutputs): Omit<Setting, 'seededRows'> {
  return {
    images: bench.images,
    subject: bench.subject.kind,
    postgres: { version: bench.postgres.version, settings: bench.settings.postgres },
    certctlSettings: bench.settings.certctl,
    containerLimits: bench.settings.limits,
    placement: 'host',
  };
}

function toEndpoints({ bench, apiKey }: BenchOutputs): Endpoints {
  const { url, servername } = bench.certctl;
  return { api: { url, servername, token: apiKey }, targets: bench.targets, ca: bench.ca };
}

/** All targets of a stack are given the same one. */
function issuedCertificates({ bench }: BenchOutputs): Record<string, string> {
  const { issued } = bench;
  if (issued === undefined) return {};
  return Object.fromEntries(Object.keys(bench.targets).map((target) => [target, issued.target]));
}

function environment({ bench }: BenchOutputs): Summary['environment'] {
  const { stack, incarnation, postgres, images, settings, topologyHash } = bench;
  return {
    generator: { placement: 'host' },
    stack,
    incarnation,
    postgres: { version: postgres.version },
    images,
    settings,
    topologyHash,
  };
}

function versions() {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const { node, openssl } = process.versions;
  return { bench: version, node, openssl, pulumi: CLI_VERSION };
}
