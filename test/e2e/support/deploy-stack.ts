/** A stack whose simulated agents deploy, with its rows at hand, for tests that break something in it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { type BenchOutputs, benchOutputsSchema } from '../../../infra/outputs.ts';
import { databaseAt } from '../../../runner/generator/reach.ts';
import { LOOP_STAGES } from '../../../runner/plan/loop.ts';
import type { Summary } from '../../../runner/result/summary-schema.ts';
import type { Engine } from '../../../runner/setup/engine.ts';
import { bench, CLEAN, startBench } from './cli.ts';
import { containersOf, docker, startEngine } from './engine.ts';
import { profileFile } from './profiles.ts';
import { plainPulumi } from './pulumi.ts';
import { directoryOf, readSummary } from './results.ts';

/** Beyond what any loop of these tests takes until then. */
const PATIENCE_MS = 20_000;

export type Sql = ReturnType<typeof postgres>;

export class DeployStack {
  readonly name: string;
  readonly engine: Engine;
  outputs!: BenchOutputs;
  sql!: Sql;
  /** Loads find the stack by its outputs: there is nothing to publish, and Pulumi takes longer than a load here. */
  readonly #folder = mkdtempSync(join(tmpdir(), 'certctl-bench-e2e-'));
  readonly #outputsFile = join(this.#folder, 'outputs.json');

  private constructor(name: string, engine: Engine) {
    this.name = name;
    this.engine = engine;
  }

  static async make(name: string, ...config: string[]): Promise<DeployStack> {
    const stack = new DeployStack(name, await startEngine());
    await stack.up(...config);
    return stack;
  }

  /** Makes it, or repairs it. */
  async up(...config: string[]): Promise<void> {
    const { exitCode, stderr } = await bench(
      'up',
      '--stack',
      this.name,
      ...config.flatMap((one) => ['-c', one]),
    );
    expect(exitCode, stderr).toBe(0);
    const pulumi = await plainPulumi();
    const json = await pulumi('stack', 'output', '--stack', this.name, '--json', '--show-secrets');
    this.outputs = benchOutputsSchema.parse(JSON.parse(json));
    writeFileSync(this.#outputsFile, json, { mode: 0o600 });
    const { bench: contract, databaseUrl = '' } = this.outputs;
    await this.sql?.end({ timeout: 1 });
    const url = databaseAt(databaseUrl, contract.deploy?.database ?? expect.unreachable());
    this.sql = postgres(url, { max: 1, onnotice: () => {} });
  }

  async down(): Promise<void> {
    rmSync(this.#folder, { recursive: true });
    await this.sql?.end({ timeout: 1 });
    const { exitCode, stderr } = await bench('down', '--stack', this.name);
    expect(exitCode, stderr).toBe(0);
  }

  /** `docker <verb> <container of the service>` */
  async docker(verb: string, service: string): Promise<void> {
    const { [service]: container = '' } = await containersOf(this.engine, this.name);
    await docker(this.engine, verb, container);
  }

  /** The first site that a run takes for the target. */
  site(target: 'nginx' | 'apache' | 'haproxy' | 'f5') {
    return this.outputs.bench.deploy?.sites[target]?.[0] ?? expect.unreachable();
  }

  /** Puts other settings into the config that the agent is handed. @returns what puts it back */
  async reconfigure(target: string, settings: Record<string, string>): Promise<() => Promise<void>> {
    const [before] = await this.sql<{ config: postgres.JSONValue }[]>`
      SELECT config FROM deployment_targets WHERE id = ${target}`;
    const config = this.sql.json(before?.config ?? expect.unreachable());
    await this
      .sql`UPDATE deployment_targets SET config = config || ${this.sql.json(settings)} WHERE id = ${target}`;
    return async () => {
      await this.sql`UPDATE deployment_targets SET config = ${config} WHERE id = ${target}`;
    };
  }

  /** Resolves once certctl has made a deployment of that certificate which no agent has fetched. @returns its id */
  async untilPending(certificate: string): Promise<string> {
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until; ) {
      const [job] = await this.sql<{ id: string }[]>`
        SELECT id FROM jobs
        WHERE certificate_id = ${certificate} AND type = 'Deployment' AND status = 'Pending'`;
      if (job !== undefined) return job.id;
      await sleep(20);
    }
    throw new Error(`no deployment of ${certificate} was made`);
  }

  /** Runs a profile, and does something while its load runs. */
  async load(profile: string, during: () => Promise<unknown> = async () => {}): Promise<Summary> {
    const running = startBench(['load', '--outputs', this.#outputsFile, '--profile', profile]);
    await running.said(/^Profile /m);
    const [ended] = await Promise.all([running.ended, during()]);
    expect(ended).toMatchObject(CLEAN);
    return readSummary(directoryOf(ended));
  }
}

/** Deploy loops, by target: how many, at how many a second, and within how many seconds they must be served. */
export function loopProfile(
  name: string,
  loops: Record<string, { loops?: number; perSecond?: number; deadline: number }>,
): string {
  const scenarios = Object.entries(loops).map(([target, { loops: count = 1, perSecond = 1, deadline }]) => [
    `${target}_deploy_loop`,
    {
      ...{ executor: 'constant-arrival-rate', rate: perSecond, duration: `${count / perSecond}s` },
      ...{ deadline: `${deadline}s`, gracefulStop: `${deadline}s`, maxVUs: 20 * deadline },
      // What is broken is told by the loop's own deadline.
      deadlines: Object.fromEntries(LOOP_STAGES.map((stage) => [stage, `${deadline}s`])),
    },
  ]);
  return profileFile(name, stringify({ name, scenarios: Object.fromEntries(scenarios) }));
}
