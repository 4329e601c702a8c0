/** What the live view shows of one second of a run, as text. */
import type { Progress } from '../engine/contract.ts';
import { formatDuration } from '../profiles/duration.ts';
import { type Colors, count, ms } from './format.ts';
import { table } from './table.ts';

const BAR = 40;

/** A bar with the time left, and a row a scenario. */
export function progressTable(progress: Progress, colors: Colors): string {
  const { elapsedMs, totalMs, scenarios } = progress;
  const full = Math.round(BAR * share(progress));
  const bar = colors.cyan('█'.repeat(full)) + colors.dim('░'.repeat(BAR - full));
  const rows = scenarios.map(({ name, rate, p50, p95, p99, counts, inFlight }) => [
    name,
    `${count(rate)}/s`,
    ms(p50),
    ms(p95),
    ms(p99),
    alarm(counts.failed, colors.red),
    alarm(counts.dropped, colors.yellow),
    count(inFlight),
  ]);
  return [
    `  ${bar}  ${clock(elapsedMs)} of ${clock(totalMs)}, ${remaining(progress)}`,
    '',
    ...table([['', 'rate', 'p50 ms', 'p95 ms', 'p99 ms', 'errors', 'dropped', 'in flight'], ...rows]),
  ].join('\n');
}

/** All scenarios in one line of at most 100 columns, for logs. */
export function progressLine(progress: Progress): string {
  const { scenarios } = progress;
  const sum = (of: (one: Progress['scenarios'][number]) => number) =>
    count(scenarios.reduce((total, one) => total + of(one), 0));
  const slowest = scenarios.reduce<number | null>(
    (max, { p99 }) => (p99 === null ? max : Math.max(max ?? 0, p99)),
    null,
  );
  return [
    `${clock(progress.elapsedMs)} of ${clock(progress.totalMs)}`,
    `${sum(({ rate }) => rate)}/s`,
    `${sum(({ counts }) => counts.sent)} sent`,
    `${sum(({ counts }) => counts.failed)} errors`,
    `${sum(({ counts }) => counts.dropped)} dropped`,
    `${sum(({ inFlight }) => inFlight)} in flight`,
    `worst p99 ${ms(slowest)} ms`,
  ].join(', ');
}

function share({ elapsedMs, totalMs }: Progress): number {
  return totalMs === 0 ? 1 : Math.min(1, elapsedMs / totalMs);
}

/** After the last arrival what is in flight may still take up to gracefulStop. */
function remaining({ elapsedMs, totalMs }: Progress): string {
  return elapsedMs < totalMs ? `${clock(totalMs - elapsedMs)} left` : 'waiting for what is in flight';
}

function clock(time: number): string {
  return formatDuration(Math.round(time / 1000) * 1000);
}

function alarm(value: number, color: (text: string) => string): string {
  return value > 0 ? color(count(value)) : count(value);
}
