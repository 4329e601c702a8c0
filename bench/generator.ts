/** The engine in a process of its own, so that its CPU and memory are its alone. */
import { fork } from 'node:child_process';
import type { Endpoints, RunResult } from '../runner/engine/contract.ts';
import { run } from '../runner/engine/run.ts';
import { parse, stringify } from '../runner/generator/json.ts';
import type { Plan } from '../runner/plan/plan.ts';

interface Job {
  plan: Plan;
  endpoints: Endpoints;
}

export interface Generator {
  pid: number;
  /** Resolves when the first second of the run is over. */
  running: Promise<void>;
  result: Promise<RunResult>;
}

export function startGenerator(job: Job): Generator {
  const child = fork(import.meta.filename);
  const running = Promise.withResolvers<void>();
  const result = Promise.withResolvers<RunResult>();
  child.on('message', (text: string) => {
    if (text === 'running') running.resolve();
    else result.resolve(parse(text));
  });
  child.once('exit', (code) => {
    const ended = new Error(`the generator ended with ${code}`);
    running.reject(ended);
    result.reject(ended);
  });
  // A run of less than a second has none, and not everybody waits for it.
  running.promise.catch(() => {});
  child.send(job);
  return { pid: child.pid ?? 0, running: running.promise, result: result.promise };
}

async function generate(job: Job): Promise<void> {
  const result = await run({ ...job, onProgress: () => process.send?.('running') });
  process.send?.(stringify(result), () => process.disconnect());
}

if (process.argv[1] === import.meta.filename) process.once('message', (job: Job) => generate(job));
