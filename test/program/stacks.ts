/** Runs the program against the fake engine, for every way in which a stack can be made. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type * as pulumi from '@pulumi/pulumi';
import { afterAll, vi } from 'vitest';
import type { BenchConfig } from '../../infra/config.ts';
import type { BenchContract } from '../../infra/outputs.ts';
import { type EngineOptions, fakeEngine, imageId, type Resource } from './fake-engine.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** Where the program keeps its modules: it reads that when it is loaded. */
const home = mkdtempSync(join(tmpdir(), 'certctl-bench-program-'));
vi.stubEnv('BENCH_HOME', home);
afterAll(() => rmSync(home, { recursive: true }));
const { program } = await import('../../infra/program.ts');

/** What Pulumi.yaml's defaults give, with these keys set. */
export function configWith(keys: Partial<BenchConfig> = {}): BenchConfig {
  return {
    subject: 'stand-in',
    subjectBinary: '',
    subjectMigrations: '',
    subjectImage: 'registry.test/certctl-server:v2.1.7',
    subjectCheckout: '',
    subjectUrl: '',
    subjectToken: '',
    subjectCaFile: '',
    standInFaults: undefined,
    imageSource: 'registry',
    imageRegistry: '',
    imageLayout: 'official',
    debianImage: '',
    dockerHost: '',
    dockerCertPath: '',
    bindAddress: '127.0.0.1',
    ports: {},
    certctlEnv: {},
    postgresSettings: {},
    limits: {},
    agent: 'none',
    agents: 1,
    agentPollMs: 30_000,
    agentBinary: '',
    agentImage: '',
    sites: 10,
    loadInUp: '',
    run: '',
    result: undefined,
    ...keys,
  };
}

const SUBJECTS: Record<Exclude<BenchConfig['subject'], 'external'>, Partial<BenchConfig>> = {
  'stand-in': { subject: 'stand-in' },
  // Any file and folder do; these lie where a path that leaks would be noticed.
  binary: {
    subject: 'binary',
    subjectBinary: join(ROOT, 'package.json'),
    subjectMigrations: join(ROOT, 'fixtures/postgres'),
  },
  image: { subject: 'image' },
  dockerfile: { subject: 'dockerfile', subjectCheckout: join(ROOT, 'fixtures/postgres') },
};

export const DEBIAN: Partial<BenchConfig> = { imageSource: 'debian', debianImage: imageId('debian') };

/** Every subject with every source of images, for `it.each`: [title, config]. */
export const STACKS: [title: string, config: BenchConfig][] = Object.entries(SUBJECTS).flatMap(
  ([subject, keys]): [string, BenchConfig][] => [
    [`${subject} with images from a registry`, configWith(keys)],
    [`${subject} with the Debian image`, configWith({ ...keys, ...DEBIAN })],
  ],
);

type Outputs = Record<string, pulumi.Output<unknown>>;

export interface Run {
  resources: Map<string, Resource>;
  outputs: Outputs;
}

/** Starts the program and does not wait for anything. */
export async function start(config: BenchConfig, options?: EngineOptions): Promise<Run> {
  const resources = await fakeEngine(options);
  return { resources, outputs: program(config) };
}

/** Runs the program to its end: all is registered and every component has given its outputs. */
export async function run(
  config: BenchConfig,
  options?: EngineOptions,
): Promise<Run & { bench: BenchContract }> {
  const started = await start(config, options);
  const bench = (await settled(started.outputs.bench)) as BenchContract;
  const isDone = ({ type, componentOutputs }: Resource) =>
    !type.startsWith('certctl-bench:') || Object.keys(componentOutputs).length > 0;
  while (![...started.resources.values()].every(isDone)) await turn();
  return { ...started, bench };
}

/** Value of an output: `apply` alone would never tell of a failure. */
export function settled(output: pulumi.Output<unknown> | undefined): Promise<unknown> {
  return (output as unknown as { promise: () => Promise<unknown> }).promise();
}

/** All resources of a type, by the last part of its name. */
export function ofType({ resources }: Run, type: string): Resource[] {
  return [...resources.values()].filter((resource) => resource.type.endsWith(`:${type}`));
}

/** Every string somewhere in a value, keys of objects included. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [key, ...stringsIn(part)]);
}
