/** What the scenarios of deploy loops were told to do, and how herds fared: rows that the text and the page have. */
import { LOOP_STAGES } from '../plan/loop.ts';
import { formatDuration } from '../profiles/duration.ts';
import type { Summary } from '../result/summary-schema.ts';
import { count } from './format.ts';

type Loops = Pick<Summary, 'deploy_loop'>;
type Rows = { head: string[]; rows: string[][] };

const LIMITS = [...LOOP_STAGES, 'loop'] as const;

/** What loops did, and how long one might stand in each stage, and take in all; no rows where a summary does not have it. */
export function deadlineTable(summary: Loops): Rows {
  return {
    head: ['', 'mode', ...LIMITS],
    rows: loopScenariosOf(summary).map(([name, { mode = 'renew', deadlines }]) => [
      name,
      mode,
      ...LIMITS.map((stage) => formatDuration(deadlines[stage])),
    ]),
  };
}

/** How herds came to be served; no rows where there were none. */
export function herdTable(summary: Loops): Rows {
  return {
    head: ['', 'served', 'first after', 'half after', 'last after', 'a minute, first to last'],
    rows: loopScenariosOf(summary).flatMap(([name, { drain }]) => {
      if (drain === undefined) return [];
      const { herd, served, first_served_s, half_served_s, last_served_s, per_minute } = drain;
      const times = [first_served_s, half_served_s, last_served_s].map(seconds);
      return [[name, `${count(served)} of ${count(herd)}`, ...times, per_minute?.toFixed(1) ?? '–']];
    }),
  };
}

/** Those of all targets, by name. */
export const loopScenariosOf = ({ deploy_loop }: Loops) =>
  Object.values(deploy_loop ?? {}).flatMap((one) => Object.entries(one?.scenarios ?? {}));

const seconds = (value: number | null) => (value === null ? '–' : `${value.toFixed(2)} s`);
