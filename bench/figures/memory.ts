/** Resident memory of the generator at 2,000 requests a second: flat in the duration. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScenarioResult } from '../../runner/engine/contract.ts';
import { plannedScenario, planOf } from '../../test/support/plans.ts';
import { startGenerator } from '../generator.ts';
import type { Nginx } from '../peers/nginx.ts';
import { equal, type Figure, median } from './figure.ts';

const RATE = 2000;
const MB = 1024;

/** One run of so many minutes: the median of the last ten seconds of the last one, less that of the first. */
export async function memoryFigures({ endpoints }: Nginx, minutes: number): Promise<Figure[]> {
  const arrivals = RATE * 60 * minutes;
  const plan = planOf(plannedScenario({ periodNs: 1e9 / RATE, arrivals }));
  const generator = startGenerator({ plan, endpoints });
  await generator.running;
  const samples: number[] = [];
  for (let second = 1; second < 60 * minutes; second++) {
    samples.push(residentMb(generator.pid));
    await sleep(1000);
  }
  const { counts } = (await generator.result).scenarios.list_certificates as ScenarioResult;
  equal('completed', counts.completed, arrivals);
  const endOf = (minute: number) => median(samples.slice(minute * 60 - 11, minute * 60 - 1));
  return [
    { what: 'resident memory at the end of minute 1, 2,000/s', unit: 'MB', bench: [endOf(1)] },
    {
      what: `its growth until the end of minute ${minutes}`,
      unit: 'MB',
      bench: [endOf(minutes) - endOf(1)],
      goal: { atMost: 5 },
    },
  ];
}

/** VmRSS of proc(5). */
function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / MB;
}
