/** An HTTPS server in a process of its own that answers in known times, and keeps its own record of them. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { Endpoints } from '../../runner/engine/contract.ts';
import { newTrends, record } from '../../runner/engine/trends.ts';
import { randomStream } from '../../runner/plan/random.ts';
import { startServer } from './https-server.ts';

/** How long an answer takes, ms. Random ones are seeded: the n-th answer takes the same time in each run. */
export type Answers =
  | { type: 'constant'; ms: number }
  /** `ms[1]` for that share of the answers, else `ms[0]`. */
  | { type: 'bimodal'; ms: [number, number]; share: number }
  /** Heavy-tailed: P(time > t) = (scaleMs / t) ^ shape, cut off at `maxMs`. */
  | { type: 'pareto'; scaleMs: number; shape: number; maxMs: number }
  /** 1 ms; but from `fromMs` after the first request on, for `forMs`, nothing is answered until that is over. */
  | { type: 'stall'; fromMs: number; forMs: number };

/** What the server saw: requests, and the time from each to its answer in µs. */
export interface OwnRecord {
  requests: number;
  times: Histogram;
}

export interface KnownServer extends AsyncDisposable {
  /** This server as the API and as every target. */
  endpoints: Endpoints;
  pid: number;
  record(): Promise<OwnRecord>;
}

const BODY = JSON.stringify({ data: [], total: 0, page: 1, per_page: 50 });

export async function startKnownServer(answers: Answers): Promise<KnownServer> {
  const child = fork(import.meta.filename, [JSON.stringify(answers)]);
  const [endpoints] = (await once(child, 'message')) as [Endpoints];
  return {
    endpoints,
    pid: child.pid ?? 0,
    async record() {
      child.send('record');
      const [{ requests, times }] = (await once(child, 'message')) as [{ requests: number; times: string }];
      return { requests, times: decodeFromCompressedBase64(times, 32) };
    },
    [Symbol.asyncDispose]: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.disconnect();
  await exit;
}

/** A function from ms since the first request to how long the next answer takes, ms. */
function timesOf(answers: Answers): (sinceFirstMs: number) => number {
  const random = randomStream(1, answers.type);
  switch (answers.type) {
    case 'constant':
      return () => answers.ms;
    case 'bimodal':
      return () => answers.ms[random() < answers.share ? 1 : 0];
    case 'pareto':
      return () => Math.min(answers.maxMs, answers.scaleMs / (1 - random()) ** (1 / answers.shape));
    case 'stall':
      return (sinceFirstMs) => {
        const into = sinceFirstMs - answers.fromMs;
        return into >= 0 && into < answers.forMs ? answers.forMs - into : 1;
      };
  }
}

async function serve(answers: Answers): Promise<void> {
  const timeOf = timesOf(answers);
  const { service_time: times } = newTrends();
  let requests = 0;
  let firstMs: number | undefined;
  const server = await startServer((_, response) => {
    const startedMs = performance.now();
    firstMs ??= startedMs;
    requests++;
    setTimeout(
      () => {
        response.end(BODY);
        record(times, (performance.now() - startedMs) * 1e6);
      },
      timeOf(startedMs - firstMs),
    );
  });
  process.on('message', () => process.send?.({ requests, times: encodeIntoCompressedBase64(times) }));
  process.once('disconnect', () => server[Symbol.asyncDispose]());
  process.send?.(server.endpoints);
}

if (process.argv[1] === import.meta.filename) await serve(JSON.parse(process.argv[2] ?? ''));
