/** One threshold as a profile writes it: k6's short form, an expression, or its long one. */
import { z } from 'zod';
import { duration, strict } from './fields.ts';

const long = strict({
  threshold: z.string().describe('The expression: `p(95)<200`.'),
  abortOnFail: z
    .boolean()
    .default(false)
    .describe('Whether the run ends where it does not hold; judged each second, with samples only.'),
  delayAbortEval: duration
    .prefault('0s')
    .describe('How long after the start of the run it is first judged, so that there are enough samples.'),
});

const ALLOWED =
  'must be an expression such as p(95)<200, or one with {threshold, abortOnFail, delayAbortEval}';

export const thresholdEntry = z.union([z.string(), long], { error: ALLOWED });

export type ThresholdEntry = z.infer<typeof thresholdEntry>;

/** What of an entry can be checked whatever else of it is wrong. */
export const entryOutline = z.union([z.string(), z.object({ threshold: z.string() })]);

export type EntryOutline = z.infer<typeof entryOutline>;

export function expressionOf(entry: EntryOutline): string {
  return typeof entry === 'string' ? entry : entry.threshold;
}
