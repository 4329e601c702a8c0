/**
 * The stack's config as one typed object; Pulumi.yaml has the same keys with descriptions. The command line checks
 * what it is given by the same rules, before it makes anything.
 */
import { z } from 'zod';
import { parseFaults } from '../fixtures/certctl-stand-in/faults.ts';
import { agentProblems } from './agent/check.ts';
import { agentFields } from './agent/settings.ts';
import { engineProblems } from './engine/check.ts';
import { jsonObject } from './json-object.ts';
import { certctlEnvSchema } from './settings/certctl-env.ts';
import { limitsSchema } from './settings/limits.ts';
import { postgresSettingsSchema } from './settings/postgres-settings.ts';
import { SUBJECTS, subjectProblems } from './subject/check.ts';
import { TARGET_NAMES } from './targets.ts';

const text = z.string().trim();

/** Services that are reached from outside, by the alias of their container. */
const SERVED = ['certctl', ...TARGET_NAMES] as const;
const PORTS_ALLOWED = `of ${SERVED.join(', ')}, each with a port from 1 to 65535`;
const publishedPorts = z.strictObject(
  Object.fromEntries(SERVED.map((name) => [name, z.int().min(1).max(65535).optional()])),
);

const faultKeys = ['delayMs', 'stallAfterMs', 'stallForMs', 'errorRate', 'resetRate', 'routeDelaysMs'];

/** The stand-in's own rules, so that it does not refuse in a container what was accepted here. */
function checkFaults(faults: Record<string, unknown> | undefined, context: z.RefinementCtx): void {
  const unknown = Object.keys(faults ?? {}).filter((key) => !faultKeys.includes(key));
  const problems: string[] = [];
  if (unknown.length > 0)
    problems.push(`may have only ${faultKeys.join(', ')}, not "${unknown.join('", "')}"`);
  else parseFaults(faults && JSON.stringify(faults), problems);
  for (const problem of problems) {
    context.addIssue({ code: 'custom', message: problem.replace(/^STAND_IN_FAULTS[.:] ?/, '') });
  }
}

export const configSchema = z
  .object({
    subject: z.enum(SUBJECTS, `must be ${SUBJECTS.slice(0, -1).join(', ')} or ${SUBJECTS.at(-1)}`),
    subjectBinary: text,
    subjectMigrations: text,
    subjectImage: text.regex(
      /^$|^[a-z0-9][\w.:/@-]*$/,
      'must be an image reference, such as ghcr.io/certctl-io/certctl-server:v2.1.7',
    ),
    subjectCheckout: text,
    subjectUrl: text,
    subjectToken: text.regex(/^[\x21-\x7e]*$/, 'must be one word of ASCII'),
    subjectCaFile: text,
    standInFaults: jsonObject(`of ${faultKeys.join(', ')}`).superRefine(checkFaults),
    imageSource: z.enum(['registry', 'debian'], 'must be registry or debian'),
    imageRegistry: text.regex(
      /^$|^[a-z0-9][\w.-]*(:\d+)?(\/[a-z0-9][\w.-]*)*$/,
      'must be empty or a registry with a path, without https://, such as registry.example.com/mirror',
    ),
    imageLayout: z.enum(['official', 'debian'], 'must be official or debian'),
    debianImage: text.regex(
      /^$|^sha256:[0-9a-f]{64}$/,
      'must be empty or a content address, sha256: and 64 hex digits',
    ),
    dockerHost: text.regex(
      /^$|^(unix|tcp|ssh):\/\/./,
      'must be empty or begin with unix://, tcp:// or ssh://',
    ),
    dockerCertPath: text,
    bindAddress: z.union([z.ipv4(), z.ipv6()], 'must be an IP address'),
    ports: jsonObject(PORTS_ALLOWED).transform((ports = {}, context): Record<string, number> => {
      const parsed = publishedPorts.safeParse(ports);
      if (parsed.success) {
        const chosen = Object.values(parsed.data);
        if (new Set(chosen).size === chosen.length) return parsed.data as Record<string, number>;
        context.addIssue({ code: 'custom', message: 'must give each service a port of its own' });
        return z.NEVER;
      }
      context.addIssue({ code: 'custom', message: `must be a JSON object ${PORTS_ALLOWED}` });
      return z.NEVER;
    }),
    certctlEnv: certctlEnvSchema,
    postgresSettings: postgresSettingsSchema,
    limits: limitsSchema,
    ...agentFields,
    loadInUp: text,
    run: text,
    result: jsonObject('as written by "bench publish"'),
  })
  .superRefine(
    (config, context) => {
      const problem = (key: keyof typeof config, message: string) =>
        context.addIssue({ code: 'custom', path: [key], message });
      for (const [key, message] of subjectProblems(config)) problem(key, message);
      if (config.imageSource === 'debian' && config.imageRegistry)
        problem('imageRegistry', 'goes with imageSource registry only, and -c imageRegistry= empties it');
      if (config.imageSource === 'debian' && config.debianImage === '')
        problem('debianImage', 'must be set for imageSource debian ("bench up" sets it)');
      for (const [key, message] of engineProblems(config)) problem(key, message);
      for (const [key, message] of agentProblems(config)) problem(key, message);
    },
    // Also where a single key is wrong already: all problems are told at once.
    { when: () => true },
  );

export type BenchConfig = z.infer<typeof configSchema>;

/** The typed config, or every problem of the values, each naming its key and what is allowed. */
export function parseConfig(
  values: Record<string, string>,
): { config: BenchConfig; problems?: never } | { problems: string[] } {
  const parsed = configSchema.safeParse(values);
  if (parsed.success) return { config: parsed.data };
  return {
    problems: parsed.error.issues.map(({ path, message }) => `certctl-bench:${path.join('.')} ${message}`),
  };
}
