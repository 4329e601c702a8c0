/** The stack's config, read once into one typed object; Pulumi.yaml has the same keys with descriptions. */
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

const text = z.string().trim();

/** A config value that holds JSON; the empty string is "not set". */
function jsonObject(allowed: string) {
  return text.transform((value, context): Record<string, unknown> | undefined => {
    if (value === '') return undefined;
    try {
      return z.record(z.string(), z.unknown()).parse(JSON.parse(value));
    } catch {
      context.addIssue({ code: 'custom', message: `must be a JSON object ${allowed}` });
      return z.NEVER;
    }
  });
}

const faultKeys = ['delayMs', 'stallAfterMs', 'stallForMs', 'errorRate', 'resetRate'];

export const configSchema = z
  .object({
    subject: z.enum(['stand-in', 'binary', 'image'], 'must be stand-in, binary or image'),
    subjectBinary: text,
    subjectMigrations: text,
    subjectImage: text,
    standInFaults: jsonObject(`of ${faultKeys.join(', ')}`).refine(
      (faults) => Object.keys(faults ?? {}).every((key) => faultKeys.includes(key)),
      `may have only ${faultKeys.join(', ')}`,
    ),
    imageSource: z.enum(['registry', 'debian'], 'must be registry or debian'),
    debianImage: text,
    dockerHost: text.regex(
      /^$|^(unix|tcp|ssh):\/\/./,
      'must be empty or begin with unix://, tcp:// or ssh://',
    ),
    bindAddress: z.union([z.ipv4(), z.ipv6()], 'must be an IP address'),
    result: jsonObject('as written by "bench publish"'),
  })
  .superRefine((config, context) => {
    const require = (key: keyof typeof config, when: string) => {
      if (config[key] === '')
        context.addIssue({ code: 'custom', path: [key], message: `must be set for ${when}` });
    };
    if (config.subject === 'binary') {
      require('subjectBinary', 'subject binary');
      require('subjectMigrations', 'subject binary');
    }
    if (config.subject === 'image') require('subjectImage', 'subject image');
    if (config.imageSource === 'debian') {
      require('debianImage', 'imageSource debian ("bench up" sets it)');
    }
    if (config.standInFaults && config.subject !== 'stand-in') {
      context.addIssue({
        code: 'custom',
        path: ['standInFaults'],
        message: 'goes with subject stand-in only',
      });
    }
  });

export type BenchConfig = z.infer<typeof configSchema>;

/**
 * Reads this stack's config.
 * @throws RunError naming every key that is wrong and what it may be.
 */
export function readConfig(): BenchConfig {
  const config = new pulumi.Config('certctl-bench');
  const values = Object.fromEntries(
    Object.keys(configSchema.shape).map((key) => [key, config.get(key) ?? '']),
  );
  const parsed = configSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `certctl-bench:${issue.path.join('.')} ${issue.message}`,
  );
  throw new pulumi.RunError(`the stack's config is wrong: ${problems.join('; ')}`);
}
