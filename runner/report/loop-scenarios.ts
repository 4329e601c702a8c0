/** What the scenarios of deploy loops were told to do: rows that the text and the page have. */
import { LOOP_STAGES } from '../plan/loop.ts';
import { formatDuration } from '../profiles/duration.ts';
import type { Summary } from '../result/summary-schema.ts';

const LIMITS = [...LOOP_STAGES, 'loop'] as const;

/** How long a loop might stand in each stage, and take in all; no rows where a summary does not have it. */
export function deadlineTable({ deploy_loop }: Pick<Summary, 'deploy_loop'>): {
  head: string[];
  rows: string[][];
} {
  const scenarios = Object.values(deploy_loop ?? {}).flatMap((one) => Object.entries(one?.scenarios ?? {}));
  return {
    head: ['', ...LIMITS],
    rows: scenarios.map(([name, { deadlines }]) => [
      name,
      ...LIMITS.map((stage) => formatDuration(deadlines[stage])),
    ]),
  };
}
