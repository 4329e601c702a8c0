/** Checks what `-c` says together with all that the stack's config will be made of, before anything is made. */
import { readdirSync, readFileSync } from 'node:fs';
import { parseConfig } from '../../infra/config.ts';
import { TOKEN_KEY, TOKEN_VARIABLE } from '../../infra/config-keys.ts';
import { cpusOf, limitsSchema } from '../../infra/settings/limits.ts';
import { UsageError } from '../errors.ts';
import { isLocalAddress, isLocalEngine } from '../setup/local-address.ts';
import { CONFIG_PREFIX, hasSecret, projectDefaults, stackConfigFile } from '../stack/config-file.ts';
import { stackConfig } from '../stack/sources.ts';
import type { StackConfig } from './options.ts';

/** Stands for what `setup` finds later on; it is only known that there will be something. */
const SETUP = { imageSource: 'registry', debianImage: `sha256:${'0'.repeat(64)}` } as const;

/**
 * @param given what `-c` says
 * @param stack name of the stack, whose config file counts where `given` says nothing; undefined: a new one
 * @throws UsageError with all problems in one line, each naming its key and what is allowed
 */
export function checkConfig(given: StackConfig, stack: string | undefined): void {
  const have = stackConfigFile(stack);
  const chosen = stackConfig(SETUP, have, given, () => {});
  const values: Record<string, string> = { ...projectDefaults(), ...chosen };
  const isPlain = TOKEN_KEY in have;
  if (process.env[TOKEN_VARIABLE]) values[TOKEN_KEY] = process.env[TOKEN_VARIABLE];
  else if (stack !== undefined && hasSecret(stack, TOKEN_KEY)) values[TOKEN_KEY] = 'encrypted';
  const { problems = [] } = parseConfig(values);
  if (isPlain)
    problems.push(
      `${CONFIG_PREFIX}${TOKEN_KEY} must not stand in plain text in Pulumi.${stack}.yaml: set it with --secret`,
    );
  if (problems.length === 0 && given.subjectMigrations && !hasMigrations(given.subjectMigrations))
    problems.push(
      `${CONFIG_PREFIX}subjectMigrations must name the folder with the .sql files that go with the binary`,
    );
  const { bindAddress = '', dockerHost = '' } = values;
  if (problems.length === 0 && isLocalEngine(dockerHost) && !isLocalAddress(bindAddress))
    problems.push(`${CONFIG_PREFIX}bindAddress must be an address of this machine, where the engine runs`);
  const missing = isLocalEngine(dockerHost) ? missingCpus(values.limits ?? '') : [];
  if (problems.length === 0 && missing.length > 0)
    problems.push(`${CONFIG_PREFIX}limits must name CPUs of this machine, and ${missing.join(', ')} is none`);
  if (problems.length > 0) throw new UsageError(`--config: ${problems.join('; ')}`);
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
