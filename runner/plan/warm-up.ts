/** The warm-up: the same load before time zero, of which nothing is measured. */
import { areaOf, durationOf } from './course.ts';
import { isClosed } from './executor.ts';
import { isLoop, type Plan, type PlannedScenario } from './plan.ts';

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

/**
 * What the warm-up sends for each of the scenarios: its mean rate, evenly spaced, from -warmUpMs to 0, with a name of
 * its own, so that what it creates is told from what the run does. A closed scenario has none: its VUs begin at once; nor
 * has a herd, which has no rate; nor have deploy loops: certctl's rows would have certificates and deployments that the
 * run does not have.
 */
export function warmUpOf(
  scenarios: PlannedScenario[],
  { warmUpMs }: Pick<Plan, 'warmUpMs'>,
): PlannedScenario[] {
  if (warmUpMs === 0) return [];
  const durationNs = warmUpMs * NS_PER_MS;
  return scenarios
    .filter((planned) => !isClosed(planned.executor) && planned.executor !== 'herd' && !isLoop(planned))
    .map((planned) => {
      const rate = areaOf(planned.course) / (durationOf(planned.course) / NS_PER_SECOND);
      return {
        ...planned,
        name: `${planned.name}.warm-up`,
        executor: 'constant-arrival-rate' as const,
        // Not all scenarios at once.
        spacing: {
          type: 'even' as const,
          phase: planned.spacing.type === 'even' ? planned.spacing.phase : 0.5,
        },
        startNs: -durationNs,
        endNs: 0,
        course: [{ durationNs, from: rate, to: rate }],
        arrivals: Math.floor((rate * durationNs) / NS_PER_SECOND),
      };
    });
}
