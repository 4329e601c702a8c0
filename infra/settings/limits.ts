/** CPUs and memory of the containers, by config. Only what both the official and the registry-only plugin know. */
import { z } from 'zod';
import { jsonObject } from '../json-object.ts';
import { TARGET_NAMES } from '../targets.ts';

const LIMITED = ['postgres', 'certctl', ...TARGET_NAMES] as const;

/** Docker itself refuses less than 6 MB; no server here starts with less than this. */
const LEAST_MEMORY_MB = 16;

export const limitSchema = z.strictObject({
  /** As the kernel writes CPUs: `0`, `0-1`, `0,2-3`. */
  cpuSet: z
    .string()
    .refine((text) => cpusOf(text) !== undefined)
    .optional(),
  /** In MiB; swap is not added to it. */
  memoryMb: z.int().min(LEAST_MEMORY_MB).optional(),
});
export type Limit = z.infer<typeof limitSchema>;
export type Limits = Record<string, Limit>;

const allowed =
  `of ${LIMITED.join(', ')}, each with cpuSet (such as "0-1" or "0,2") and memoryMb ` +
  `(a whole number, ${LEAST_MEMORY_MB} or more)`;

const schema = z.strictObject(Object.fromEntries(LIMITED.map((name) => [name, limitSchema.optional()])));

/** `limits`: a JSON object by container. */
export const limitsSchema = jsonObject(allowed).transform((given = {}, context): Limits => {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data as Limits;
  const places = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')).filter(Boolean))];
  const where = places.length > 0 ? `, which "${places.join('", "')}" is not` : '';
  context.addIssue({ code: 'custom', message: `must be a JSON object ${allowed}${where}` });
  return z.NEVER;
});

/** The CPUs that a set names; undefined where it is none. */
export function cpusOf(cpuSet: string): number[] | undefined {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(cpuSet)) return undefined;
  const ranges = cpuSet.split(',').map((range) => range.split('-').map(Number));
  const cpus: number[] = [];
  for (const [first = 0, last = first] of ranges) {
    if (last < first || last > 8191) return undefined;
    for (let cpu = first; cpu <= last; cpu++) cpus.push(cpu);
  }
  return cpus;
}
