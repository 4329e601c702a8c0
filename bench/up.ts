/**
 * `bench up` beside a plain script: the same containers, made by `docker create`, `cp` and `start` in the same order,
 * waiting for the same answers. Pulumi's fixed start (until the engine makes the first object of the stack) is told
 * apart. `down` and the smoke loadtest are timed as well. The rounds alternate; medians of the wall time.
 *
 *     node bench/up.ts [rounds, default 3]
 *
 * Last figures (two rounds, two cores, other work beside: load average 3 to 4): up 14.3 s, 6.1 s of them until the first
 * object; after it 1.13 times the plain script's 7.3 s. down 6.8 s, loadtest 46.4 s.
 *
 * Goals (two cores, nothing else running): after the fixed start at most 1.3 times the plain script; up 15 s, down
 * 8 s, loadtest 45 s.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { LABEL_STACK } from '../infra/labels.ts';
import type { BenchContract } from '../infra/outputs.ts';
import { EXIT } from '../runner/errors.ts';
import { bench } from '../test/e2e/support/cli.ts';
import { docker, startEngine } from '../test/e2e/support/engine.ts';
import { PlainStack } from './plain-stack.ts';

const rounds = Number(process.argv[2] ?? 3);
const times: Record<string, number[]> = {};
const note = (what: string, ms: number) => {
  times[what] ??= [];
  times[what].push(ms);
};

/** A machine too busy for the load makes a run INVALID or BREACHED; its stack came and went even so. */
const ENDED: number[] = [EXIT.passed, EXIT.invalid, EXIT.breached];

/** Runs a command of the bench. */
async function timed(what: string, ...args: string[]) {
  const started = Date.now();
  const ended = await bench(...args);
  if (!ENDED.includes(ended.exitCode ?? -1))
    throw new Error(`bench ${args.join(' ')} failed:\n${ended.stderr}`);
  note(what, Date.now() - started);
  return { ...ended, started, finished: Date.now() };
}

/** When the engine made the network of the stack, one of its first objects, in ms since 1970. */
async function firstObject(stack: string): Promise<number> {
  const [id = ''] = await docker(
    engine,
    'network',
    'ls',
    '--quiet',
    '--filter',
    `label=${LABEL_STACK}=${stack}`,
  );
  const [made = ''] = await docker(engine, 'network', 'inspect', '--format', '{{json .Created}}', id);
  return Date.parse(JSON.parse(made));
}

const engine = await startEngine();
const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-up-'));
try {
  for (let round = 0; round < rounds; round++) {
    const up = await timed('bench up', 'up', '--ephemeral', '--json');
    const { stack }: BenchContract = JSON.parse(up.stdout);
    const first = await firstObject(stack);
    note("of that, Pulumi's fixed start", first - up.started);
    note('of that, after it', up.finished - first);
    const plain = await PlainStack.copyOf(engine, stack, join(folder, String(round)));
    await timed('bench down', 'down', '--stack', stack);
    // The last stack takes a private engine with it.
    await startEngine();
    const started = performance.now();
    await plain.up();
    note('plain script', performance.now() - started);
    await plain.down();
    await timed('bench loadtest --profile smoke', 'loadtest', '--profile', 'smoke');
  }
} finally {
  rmSync(folder, { recursive: true });
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const table = new Table({ head: [`median of ${rounds}`, 's'], colAligns: ['left', 'right'] });
for (const [what, values] of Object.entries(times)) table.push([what, (median(values) / 1000).toFixed(1)]);
console.log(table.toString());
const ratio = median(times['of that, after it'] ?? []) / median(times['plain script'] ?? []);
console.log(`After its fixed start, bench up takes ${ratio.toFixed(2)} times what the plain script takes.`);
