/** The parent's end of a lane's thread. */
import { Worker } from 'node:worker_threads';
import type { FromLane, LaneData, LaneListener, ToLane } from './messages.ts';

export interface LaneWorker {
  /** Resolves when the thread waits for its start; rejects if it ends before. */
  ready: Promise<void>;
  /** Resolves when the thread has ended: to nothing when all was done, else to why it died. */
  ended: Promise<string | undefined>;
  post(message: ToLane): void;
  /** Ends the thread where it does not end by itself. */
  kill(reason: string): void;
}

/**
 * New objects may take so much before a collection. Nearly all of them are garbage by then, so that a small space costs
 * little more collecting than a large one (0.2 % of a core at 2,000 requests a second); without a limit V8 lets it grow for
 * minutes, by a hundred megabytes a lane.
 */
const YOUNG_GENERATION_MB = 12;

export function startLane(name: string, data: LaneData, listener: LaneListener): LaneWorker {
  const worker = new Worker(new URL('./lane-thread.ts', import.meta.url), {
    name,
    workerData: data,
    transferList: [data.wake],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string | undefined>();
  let done = false;
  let cause: string | undefined;

  worker.on('message', (message: FromLane) => {
    if (message.type === 'report') listener.report(message.report);
    else if (message.type === 'sample') listener.sample(message.sample);
    else if (message.type === 'loop') listener.loop(message.loop);
    else if (message.type === 'ready') ready.resolve();
    else done = true;
  });
  worker.on('error', (error) => {
    cause ??= error instanceof Error ? error.message : String(error);
  });
  worker.on('exit', (code) => {
    const reason = done ? undefined : `the ${name} worker died: ${cause ?? `exit code ${code}`}`;
    ready.reject(new Error(reason ?? `the ${name} worker ended before its start`));
    ended.resolve(reason);
  });

  return {
    ready: ready.promise,
    ended: ended.promise,
    post: (message) => worker.postMessage(message),
    kill: (reason) => {
      cause ??= reason;
      worker.terminate();
    },
  };
}
