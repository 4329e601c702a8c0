/** Options and small services that several commands share. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { CONFIG_KEYS, type ConfigKey, TOKEN_KEY, TOKEN_VARIABLE } from '../../infra/config-keys.ts';
import { coloursFor } from '../colours.ts';
import { UsageError } from '../errors.ts';
import { isProfilePath } from '../profiles/load.ts';
import type { SetupOptions } from '../setup/setup.ts';

export const yesOption = () =>
  new Option('-y, --yes', 'install what is missing without asking, system packages included');

export const imagesOption = () =>
  new Option('--images <source>', 'where images come from')
    .choices(['auto', 'registry', 'debian'])
    .default('auto');

export const toolchainOption = () =>
  new Option('--toolchain <source>', 'where a missing Pulumi comes from')
    .choices(['auto', 'download', 'build'])
    .default('auto');

export const stackOption = () => new Option('-s, --stack <name>', 'the stack').argParser(stackName);

export const jsonOption = () => new Option('--json', 'print the answer as JSON');

/** Pulumi's own rule for names, so that it is told before anything is made. */
function stackName(text: string): string {
  if (/^[A-Za-z0-9_.-]{1,100}$/.test(text)) return text;
  throw new UsageError(`--stack "${text}": a name has letters, digits, "-", "_" and "." only, at most 100`);
}

/** `-c key=value`, as in Pulumi; may be given several times. */
export const configOption = () =>
  new Option('-c, --config <key=value>', `config of the stack: ${CONFIG_KEYS.join(', ')}`)
    .argParser(configPair)
    .default({} as StackConfig, 'none');

const PATH_KEYS: ReadonlySet<ConfigKey> = new Set([
  'subjectBinary',
  'agentBinary',
  'subjectMigrations',
  'subjectCheckout',
  'subjectCaFile',
  'dockerCertPath',
]);

export type StackConfig = Partial<Record<ConfigKey, string>>;

function configPair(text: string, sofar: StackConfig): StackConfig {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (key.endsWith(TOKEN_KEY)) {
    throw new UsageError(
      `--config ${TOKEN_KEY}: is a secret, which has no place on a command line; put it into the environment as ${TOKEN_VARIABLE}, or use "pulumi config set --secret certctl-bench:${TOKEN_KEY}"`,
    );
  }
  const known = CONFIG_KEYS.find((name) => name === key.replace(/^certctl-bench:/, ''));
  if (known === undefined) {
    throw new UsageError(`--config "${text}": must be key=value with a key of ${CONFIG_KEYS.join(', ')}`);
  }
  // The program runs in another folder than the person who typed the path.
  const isPath = PATH_KEYS.has(known) || (known === 'loadInUp' && isProfilePath(value));
  return { ...sofar, [known]: isPath && value !== '' ? resolve(value) : value };
}

/**
 * What `--images` says, where it is not auto, as a key of the stack's config.
 * @param config what `-c` says
 * @throws UsageError where that is something else
 */
export function imagesConfig({ images = 'auto' }: SetupFlags, config: StackConfig): StackConfig {
  if (images === 'auto') return {};
  const { imageSource = images } = config;
  if (imageSource === images) return { imageSource };
  throw new UsageError(
    `--images ${images}: -c imageSource=${imageSource} says something else; leave one of them out`,
  );
}

/** Options of every command that needs the machine to be set up. */
export interface SetupFlags {
  yes?: boolean;
  images?: SetupOptions['images'];
  toolchain?: SetupOptions['toolchain'];
}

/** @param stackImages where the images of the command's stack come from, where that is known */
export function setupOptions(
  { yes = false, images = 'auto', toolchain = 'auto' }: SetupFlags,
  stackImages?: SetupOptions['stackImages'],
): SetupOptions {
  return { yes, images, toolchain, say, stackImages };
}

/** Progress goes to stderr: stdout is for what was asked for. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A headline of progress. */
export function headline(text: string): void {
  say(coloursFor(process.stderr).bold(text));
}

/** Everything that Pulumi prints, where it was asked for. */
export function verboseWriter(verbose: boolean | undefined): ((text: string) => void) | undefined {
  return verbose ? (text) => void process.stderr.write(text) : undefined;
}
