/** A plan as text: what each scenario will do, and its rate over time as a picture. */
import { Arrivals } from '../plan/arrivals.ts';
import { valueAt } from '../plan/course.ts';
import { CLOSED_NOTE, type Executor, isClosed } from '../plan/executor.ts';
import type { Plan, PlannedScenario } from '../plan/plan.ts';
import { describeExecutor, describeLoad } from '../profiles/describe.ts';
import { formatDuration } from '../profiles/duration.ts';
import type { Profile } from '../profiles/profile.ts';
import { type Colors, count, ms } from './format.ts';

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
const COLUMNS = 60;
const BARS = ' ▁▂▃▄▅▆▇█';

/** A planned scenario in the figures that a person checks; times in seconds since the start of the run. */
export interface PlanRow {
  scenario: string;
  kind: string;
  executor: string;
  /** Null for a closed executor: how many it makes depends on the subject. */
  arrivals: number | null;
  firstSeconds: number | null;
  lastSeconds: number | null;
  endSeconds: number;
  maxVUs: number;
  /**
   * Arrivals a second (closed executors: VUs) in the middle of each of the equal parts of the whole plan; of a herd, how
   * many arrive in the part.
   */
  course: number[];
}

export function planRows({ scenarios }: Plan): PlanRow[] {
  const endNs = Math.max(...scenarios.map((planned) => planned.endNs));
  return scenarios.map((planned) => ({
    scenario: planned.name,
    kind: planned.kind,
    executor: planned.executor,
    ...timesOf(planned),
    endSeconds: planned.endNs / NS_PER_SECOND,
    maxVUs: planned.maxVUs,
    course: courseOf(planned, endNs),
  }));
}

function courseOf({ course, startNs, spacing, arrivals }: PlannedScenario, endNs: number): number[] {
  const herdAt = Math.min(COLUMNS - 1, Math.floor((startNs / endNs) * COLUMNS) || 0);
  return Array.from({ length: COLUMNS }, (_, part) => {
    if (spacing.type === 'herd') return part === herdAt ? arrivals : 0;
    return valueAt(course, ((part + 0.5) * endNs) / COLUMNS - startNs);
  });
}

function timesOf(planned: PlannedScenario): Pick<PlanRow, 'arrivals' | 'firstSeconds' | 'lastSeconds'> {
  if (isClosed(planned.executor)) return { arrivals: null, firstSeconds: null, lastSeconds: null };
  const cursor = new Arrivals(planned);
  const firstNs = cursor.dueNs;
  let lastNs = firstNs;
  for (; cursor.dueNs < Infinity; cursor.advance()) lastNs = cursor.dueNs;
  const seconds = (ns: number) => (ns === Infinity ? null : ns / NS_PER_SECOND);
  return { arrivals: planned.arrivals, firstSeconds: seconds(firstNs), lastSeconds: seconds(lastNs) };
}

/** The whole plan, ending in a newline. */
export function renderPlan(profile: Profile, plan: Plan, colors: Colors): string {
  const rows = planRows(plan);
  const endMs = Math.max(...plan.scenarios.map(({ endNs }) => endNs / NS_PER_MS));
  const arrivals = rows.reduce((sum, row) => sum + (row.arrivals ?? 0), 0);
  const lines = [
    `${colors.bold(profile.name)}  ${profile.description}`,
    ...(profile.overrides ?? []).map((one) => `  set from outside: ${one}`),
    ...(plan.warmUpMs > 0 ? [`  warm-up of ${formatDuration(plan.warmUpMs)} before, not measured`] : []),
    ...(plan.workers > 1
      ? [`  ${plan.workers} workers for the API, and ${plan.workers} for handshakes`]
      : []),
    `  seed ${plan.seed}, ${formatDuration(endMs)}, ${count(arrivals)} arrivals`,
    ...rows.flatMap((row) => ['', ...block(profile, row, colors)]),
  ];
  return `${lines.join('\n')}\n`;
}

function block(profile: Profile, row: PlanRow, colors: Colors): string[] {
  const config = profile.scenarios[row.scenario];
  if (config === undefined) throw new Error(`the profile has no scenario "${row.scenario}"`);
  const title = row.scenario === row.kind ? row.scenario : `${row.scenario} (${row.kind})`;
  const peak = Math.max(...row.course);
  const bars = row.course.map((value) => BARS[bar(value, peak)]).join('');
  const closed = isClosed(config.executor);
  return [
    `  ${colors.bold(title)}  ${describeExecutor(config)}`,
    `    ${describeLoad(config)}`,
    ...(closed ? [colors.yellow(`    ! ${CLOSED_NOTE}`)] : [`    ${arrivalsOf(row)}`]),
    `    ${colors.cyan(bars)}${colors.dim(`  ${peakOf(config.executor, peak)}`)}`,
  ];
}

function peakOf(executor: Executor, peak: number): string {
  if (isClosed(executor)) return `${peak} VUs`;
  return executor === 'herd' ? `${count(peak)} at once` : `${ms(peak)}/s`;
}

function arrivalsOf({ arrivals, firstSeconds, lastSeconds }: PlanRow): string {
  if (firstSeconds === null || lastSeconds === null)
    return 'no arrivals: the duration is too short for the rate';
  return `${count(arrivals)} arrivals, first at ${firstSeconds.toFixed(3)} s, last at ${lastSeconds.toFixed(3)} s`;
}

/** What is not zero is seen. */
function bar(value: number, peak: number): number {
  return value === 0 ? 0 : Math.max(1, Math.round((value / peak) * (BARS.length - 1)));
}
