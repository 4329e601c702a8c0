/** Entry of the pacer's thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { clockFrom } from './clock.ts';
import type { PacerData, Start } from './messages.ts';
import { pace, sharpenTimers } from './pacing.ts';

parentPort?.once('message', ({ zero }: Start) => {
  sharpenTimers();
  pace(workerData as PacerData, clockFrom(zero));
});
