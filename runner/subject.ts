/** What is measured: where it is, and what is known of it. */
import type { BenchOutputs } from '../infra/outputs.ts';
import type { Endpoints, Progress } from './engine/contract.ts';
import { generate } from './generator/generate.ts';
import type { Generated, Load } from './generator/job.ts';
import type { Path } from './generator/path.ts';
import type { Placement } from './generator/placement.ts';
import { work } from './generator/work.ts';
import type { Setting } from './result/fingerprint/fingerprint.ts';
import type { Summary } from './result/summary-schema.ts';
import type { Database } from './rows.ts';
import { stackDatabase } from './stack/stack-database.ts';

export interface Subject {
  subject: Summary['subject'];
  environment: Omit<Summary['environment'], 'generator'>;
  setting: Omit<Setting, 'seededRows' | 'placement'>;
  /** SHA-256 of the certificate that each target was given, where it is known. */
  issued: Record<string, string>;
  /** What a reader must know before the figures. */
  notes: string[];
  /** Undefined: not known. */
  database: Database | undefined;
  /** Where the generator stands. */
  placement: Placement;
  /** Carries out the load against it. */
  generate(
    load: Load,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Generated & { path?: Path }>;
}

/** The subject of a stack, of the stack's outputs; `dockerHost`: the stack's engine. */
export function subjectOfStack(
  outputs: BenchOutputs,
  { dockerHost, placement }: { dockerHost: string; placement: Placement },
): Subject {
  const { bench } = outputs;
  const { stack, incarnation, postgres, images, settings, topologyHash, issued } = bench;
  return {
    subject: bench.subject,
    environment: {
      stack,
      incarnation,
      postgres: { version: postgres?.version ?? null },
      images,
      settings,
      ...(bench.deploy && { agent: bench.deploy.agent }),
      insecure: false,
      topologyHash,
    },
    setting: {
      images,
      subject: bench.subject.kind,
      postgres: postgres && { version: postgres.version, settings: settings.postgres },
      // Those of an external certctl are not known.
      certctlSettings: postgres && settings.certctl,
      containerLimits: settings.limits,
    },
    // All targets of a stack are given the same one.
    issued:
      issued === undefined
        ? {}
        : Object.fromEntries(Object.keys(bench.targets).map((target) => [target, issued.target])),
    notes: [],
    database: postgres ? stackDatabase(bench, dockerHost) : undefined,
    placement,
    generate: (load, onProgress, signal) =>
      generate({ placement, load, outputs, dockerHost, onProgress, signal }),
  };
}

const UNVERIFIED = 'TLS was not verified (--insecure): whether it was the right server is not known.';

/** A server that runs already, of which nothing is known but where it is. */
export function subjectElsewhere(endpoints: Endpoints): Subject {
  return {
    subject: { kind: 'external', version: 'unknown' },
    environment: {
      stack: null,
      incarnation: null,
      postgres: { version: null },
      images: {},
      insecure: endpoints.insecure ?? false,
      topologyHash: null,
    },
    setting: {
      images: null,
      subject: 'external',
      postgres: null,
      certctlSettings: null,
      containerLimits: null,
    },
    issued: {},
    notes: endpoints.insecure ? [UNVERIFIED] : [],
    database: undefined,
    placement: 'host',
    generate: (load, onProgress, signal) => work({ ...load, endpoints }, onProgress, signal),
  };
}
