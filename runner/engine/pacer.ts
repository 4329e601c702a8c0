/** Entry of the pacer's thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { clockFrom } from './clock.ts';
import type { PacerData, Start } from './messages.ts';
import { pace, sleeper } from './pacing.ts';
import { comeFirst } from './wakeful.ts';

comeFirst();
parentPort?.once('message', ({ zero }: Start) => {
  const { lanes, control } = workerData as PacerData;
  pace(lanes, clockFrom(zero), sleeper(control));
});
