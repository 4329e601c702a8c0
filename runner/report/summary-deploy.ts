/** The deploy loops of a run, for summary.txt: what was served, and where the time went. */
import { LOOP_PHASES } from '../deploy/phases.ts';
import type { Summary } from '../result/summary-schema.ts';
import { count, ms, percent } from './format.ts';
import { deadlineTable, herdTable } from './loop-scenarios.ts';
import { table } from './table.ts';

type Loops = NonNullable<NonNullable<Summary['deploy_loop']>['nginx']>;

/** Nothing where the run had no deploy loops. */
export function deployLoops(summary: Summary): string[] {
  const { deploy_loop } = summary;
  const targets = Object.entries(deploy_loop ?? {}).flatMap(([name, one]) =>
    one ? [[name, one] as const] : [],
  );
  if (targets.length === 0) return [];
  const all = LOOP_PHASES.map(({ name }) => name);
  const shown = all.filter((name) => targets.some(([, { phases }]) => phases[name] !== undefined));
  return [
    ...table([
      ['', 'served', 'a minute', 'p50', 'p95', 'max', 'work p50', 'work p95', 'wait p50', 'wait p95'],
      ...targets.map(([name, { served, n, loops_a_minute, total, work, wait }]) => [
        name,
        `${count(served)} of ${count(n)}`,
        loops_a_minute === null ? '–' : loops_a_minute.toFixed(1),
        ...[total.p50, total.p95, total.max, work.p50, work.p95, wait.p50, wait.p95].map(ms),
      ]),
    ]),
    '  median of each phase, and the handshakes of others in the seconds around reloads and in all others:',
    ...table([
      ['', ...shown],
      ...targets.map(([name, { phases }]) => [name, ...shown.map((one) => ms(phases[one]?.p50 ?? null))]),
    ]),
    ...targets.flatMap(([name, one]) => impact(name, one)),
    ...targets.flatMap(([name, one]) => resolution(name, one)),
    ...clock(summary),
    ...titled('herds, from their start', herdTable(summary)),
    ...titled('deadlines of the stages, and of a whole loop', deadlineTable(summary)),
  ];
}

function titled(title: string, { head, rows }: ReturnType<typeof herdTable>): string[] {
  return rows.length === 0 ? [] : [`  ${title}:`, ...table([head, ...rows])];
}

function impact(name: string, loops: Loops): string[] {
  if (!loops.reload_impact) return [];
  const { with_reload, without } = loops.reload_impact;
  const words = ({ seconds, ended, failed, p99_median, p99_max }: typeof without) =>
    `${percent(ended === 0 ? null : failed / ended)} errors in ${count(seconds)} s, p99 of a second ${ms(p99_median)} ms in the median, ${ms(p99_max)} at most`;
  return [`  ${name}: around reloads ${words(with_reload)}; else ${words(without)}`];
}

function resolution(name: string, { probe_resolution, probes }: Loops): string[] {
  if (probe_resolution === undefined) return [];
  const { p50, p95, max } = probe_resolution;
  return [
    `  ${name}: when it was served is known to ${ms(p50)} ms p50, ${ms(p95)} ms p95, ${ms(max)} ms at most (${count(probes)} handshakes)`,
  ];
}

function clock({ deploy_clock }: Summary): string[] {
  if (deploy_clock === undefined) return [];
  const { offset_ms, round_trip_ms, moved_ms } = deploy_clock;
  const [offset, uncertain, moved] = [offset_ms, round_trip_ms / 2, moved_ms].map((one) => one.toFixed(2));
  return [
    `  certctl's clock minus ours: ${offset} ms (±${uncertain} ms), moved by ${moved} ms during the run`,
  ];
}
