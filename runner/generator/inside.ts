/** Entry of a generator in a container: takes a job on its input and gives back histograms. */
import { createInterface } from 'node:readline';
import type { Progress } from '../engine/contract.ts';
import { BenchError, EXIT } from '../errors.ts';
import type { FromGenerator, Job } from './job.ts';
import { parse, stringify } from './json.ts';
import { work } from './work.ts';

const say = (message: FromGenerator) => void process.stdout.write(`${stringify(message)}\n`);
const stopping = new AbortController();
const stop = () => stopping.abort();

const lines = createInterface({ input: process.stdin });
// Both are what ends it early: also where the command, and with it the input, has gone.
lines.once('line', (line) => {
  lines.once('line', stop);
  lines.once('close', stop);
  void answer(parse<Job>(line)).finally(() => process.stdin.destroy());
});
process.once('SIGTERM', stop);

async function answer(job: Job): Promise<void> {
  try {
    const onProgress = (progress: Progress) => say({ type: 'progress', progress });
    say({ type: 'done', generated: await work(job, onProgress, stopping.signal) });
  } catch (error) {
    const exitCode = error instanceof BenchError ? error.exitCode : EXIT.internal;
    say({ type: 'failed', message: error instanceof Error ? error.message : String(error), exitCode });
  }
}
