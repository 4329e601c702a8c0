/** What this machine's generator can do, against a target that does nothing. */
import { sleeper } from '../engine/pacing.ts';
import { type Ceiling, findCeiling, type Kind, probe } from './ceiling.ts';
import { endpointsAt, startNullTarget } from './null-target.ts';
import { type PathFinding, pathCost } from './path-cost.ts';
import { type Overshoot, type Spun, sleepOvershoot, spin } from './timers.ts';

const TIMER_MS = 2000;

export interface SelfTest {
  /** Seen one after the other, within seconds. */
  timers: { sleep: Overshoot; spin: Spun };
  api: Ceiling;
  handshake: Ceiling;
  path: PathFinding;
}

/** Takes at most about a minute; `say` is told what comes next. */
export async function selfTest(say: (line: string) => void): Promise<SelfTest> {
  say('Timers');
  const sleep = sleeper(new Int32Array(new SharedArrayBuffer(4)));
  const timers = { sleep: sleepOvershoot(sleep, TIMER_MS), spin: spin(TIMER_MS) };
  await using target = await startNullTarget();
  const endpoints = endpointsAt('127.0.0.1', target.port, target.ca);
  const ceiling = (kind: Kind, first: number, highest: number) =>
    findCeiling(
      (rate) => {
        say(`${kind} at ${rate}/s`);
        return probe(kind, rate, endpoints);
      },
      first,
      highest,
    );
  const api = await ceiling('list_certificates', 1000, 32_000);
  const handshake = await ceiling('nginx_handshake', 100, 3200);
  say('The way to a container');
  return { timers, api, handshake, path: await pathCost() };
}
