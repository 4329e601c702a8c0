/** Checks what `-c` says together with all that the stack's config will be made of, before anything is made. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseConfig } from '../../infra/config.ts';
import { cpusOf, limitsSchema } from '../../infra/settings/limits.ts';
import { UsageError } from '../errors.ts';
import { projectRoot } from '../paths.ts';
import { isLocalAddress, isLocalEngine } from '../setup/local-address.ts';
import { stackConfig } from '../stack/sources.ts';
import type { StackConfig } from './options.ts';

const PREFIX = 'certctl-bench:';

/** Stands for what `setup` finds later on; it is only known that there will be something. */
const SETUP = { imageSource: 'registry', debianImage: `sha256:${'0'.repeat(64)}` } as const;

/**
 * @param given what `-c` says
 * @param stack name of the stack, whose config file counts where `given` says nothing; undefined: a new one
 * @throws UsageError with all problems in one line, each naming its key and what is allowed
 */
export function checkConfig(given: StackConfig, stack: string | undefined): void {
  const have = stack === undefined ? {} : configOf(`Pulumi.${stack}.yaml`);
  const chosen = stackConfig(SETUP, have, given, () => {});
  const values = { ...configOf('Pulumi.yaml'), ...chosen };
  const { problems = [] } = parseConfig(values);
  if (problems.length === 0 && given.subjectMigrations && !hasMigrations(given.subjectMigrations))
    problems.push(
      `${PREFIX}subjectMigrations must name the folder with the .sql files that go with the binary`,
    );
  const { bindAddress = '', dockerHost = '' } = values;
  if (problems.length === 0 && isLocalEngine(dockerHost) && !isLocalAddress(bindAddress))
    problems.push(`${PREFIX}bindAddress must be an address of this machine, where the engine runs`);
  const missing = isLocalEngine(dockerHost) ? missingCpus(values.limits ?? '') : [];
  if (problems.length === 0 && missing.length > 0)
    problems.push(`${PREFIX}limits must name CPUs of this machine, and ${missing.join(', ')} is none`);
  if (problems.length > 0) throw new UsageError(`--config: ${problems.join('; ')}`);
}

/** Values of a Pulumi file: of a stack, or the defaults of the project. Encrypted ones are left out. */
function configOf(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(join(projectRoot, file), 'utf8');
  } catch {
    return {};
  }
  const config: Record<string, unknown> = parse(text)?.config ?? {};
  return Object.fromEntries(
    Object.entries(config).flatMap(([name, entry]) => {
      const value = (entry as { default?: unknown } | null)?.default ?? entry;
      const isPlain = name.startsWith(PREFIX) && typeof value !== 'object';
      return isPlain ? [[name.slice(PREFIX.length), String(value)]] : [];
    }),
  );
}

/** CPUs of `limits` that the kernel does not list; none where it lists nothing (Docker's own machine on macOS). */
function missingCpus(limits: string): number[] {
  const parsed = limitsSchema.safeParse(limits);
  const wanted = Object.values(parsed.data ?? {}).flatMap(({ cpuSet }) => cpusOf(cpuSet ?? '') ?? []);
  let online: number[] | undefined;
  try {
    online = cpusOf(readFileSync('/sys/devices/system/cpu/online', 'utf8').trim());
  } catch {
    return [];
  }
  return [...new Set(wanted.filter((cpu) => online && !online.includes(cpu)))];
}

const hasMigrations = (folder: string) => readdirSync(folder).some((name) => name.endsWith('.sql'));
