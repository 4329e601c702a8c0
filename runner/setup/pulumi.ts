/**
 * The Pulumi CLI and its plugins: the person's own installation where it is complete or can complete itself,
 * else one of the bench below `.bench/pulumi`, downloaded or built from Go modules (toolchain/).
 */
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { EnvironmentError } from '../errors.ts';
import { benchDir, projectRoot } from '../paths.ts';
import { runLogged } from './run-logged.ts';
import { CLI_VERSION, PLUGINS, type PluginName, pluginVersion } from './versions.ts';

/** A CLI and the PULUMI_HOME that its plugins lie in. */
export interface PulumiInstallation {
  /** `<root>/bin/pulumi` is the CLI: the form that the Automation API asks for. */
  root: string;
  home: string;
  kind: 'own' | 'bench';
}

export type ToolchainSource = 'download' | 'build';

/** The person's own PULUMI_HOME: where the login is. */
export const ownHome = () => process.env.PULUMI_HOME ?? join(homedir(), '.pulumi');

const benchHome = join(benchDir, 'pulumi');
export const benchInstallation: PulumiInstallation = {
  root: join(benchHome, 'versions', CLI_VERSION),
  home: benchHome,
  kind: 'bench',
};

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The person's own CLI on PATH, in a folder called `bin` as the Automation API wants it; one that `bench env` put
 * there is the bench's, not theirs.
 */
export function findOwnInstallation(path = process.env.PATH ?? ''): PulumiInstallation | undefined {
  const folder = path
    .split(delimiter)
    .filter((entry) => basename(entry) === 'bin' && !entry.startsWith(benchDir))
    .find((entry) => isExecutable(join(entry, 'pulumi')));
  return folder === undefined ? undefined : { root: dirname(folder), home: ownHome(), kind: 'own' };
}

/** The parts of the toolchain, in the order in which they are made. */
export const PARTS = [
  'pulumi',
  'pulumi-language-nodejs',
  ...PLUGINS.map((name) => `pulumi-resource-${name}` as const),
] as const;
export type Part = (typeof PARTS)[number];

const pluginOf = (part: Part) => PLUGINS.find((name) => part === `pulumi-resource-${name}`);

/** True where the plugin lies complete in `home`: a `.partial` file marks an installation that broke off. */
export function hasPlugin(home: string, name: PluginName): boolean {
  const folder = join(home, 'plugins', `resource-${name}-v${pluginVersion(name)}`);
  return isExecutable(join(folder, `pulumi-resource-${name}`)) && !existsSync(`${folder}.partial`);
}

/** The installation that can be used as it is: the person's own where it is complete, else that of the bench. */
export function findInstallation(): PulumiInstallation | undefined {
  const own = findOwnInstallation();
  if (own && PLUGINS.every((name) => hasPlugin(own.home, name))) return own;
  return missingParts().length === 0 ? benchInstallation : undefined;
}

const stampFile = (part: Part) => join(benchHome, 'stamps', part);

/** What a part is built from, as one hash: a changed pin makes it anew. */
function recipeHash(part: Part): string {
  const folder = join(projectRoot, 'toolchain', part);
  const hash = createHash('sha256').update(CLI_VERSION);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/(\.go|go\.mod|go\.sum)$/.test(file)) hash.update(file).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

/** True where the bench's installation holds this part, from a download or built from today's recipe. */
function isMade(part: Part): boolean {
  const plugin = pluginOf(part);
  const there = plugin
    ? hasPlugin(benchHome, plugin)
    : isExecutable(join(benchInstallation.root, 'bin', part));
  if (!there || !existsSync(stampFile(part))) return false;
  const stamp = readFileSync(stampFile(part), 'utf8');
  return stamp === `download ${CLI_VERSION}` || stamp === recipeHash(part);
}

export const missingParts = (): Part[] => PARTS.filter((part) => !isMade(part));

function stamp(part: Part, text: string): void {
  mkdirSync(dirname(stampFile(part)), { recursive: true });
  writeFileSync(stampFile(part), text);
}

/** Official CLI (its language hosts come with it) or plugin, into the bench's installation. */
export async function downloadPart(part: Part): Promise<void> {
  const plugin = pluginOf(part);
  if (plugin) {
    await installPlugin(benchInstallation, plugin);
  } else if (part === 'pulumi') {
    const { PulumiCommand } = await import('@pulumi/pulumi/automation/index.js');
    const fresh = `${benchInstallation.root}.new`;
    rmSync(fresh, { recursive: true, force: true });
    await PulumiCommand.install({ root: fresh });
    rmSync(benchInstallation.root, { recursive: true, force: true });
    renameSync(fresh, benchInstallation.root);
  }
  stamp(part, `download ${CLI_VERSION}`);
}

/**
 * Builds a part from Go modules, the checksum database included, and puts it where the CLI finds it.
 * @throws EnvironmentError with the compiler's last line.
 */
export async function buildPart(part: Part): Promise<void> {
  const binary = join(benchDir, 'build', part);
  const log = join(benchDir, 'logs', `build-${part}.log`);
  rmSync(binary, { force: true });
  await runLogged(
    'go',
    ['build', '-trimpath', '-ldflags', linkerFlags(part), '-o', binary, goPackage(part)],
    log,
    {
      cwd: join(projectRoot, 'toolchain', part),
      env: { CGO_ENABLED: '0', GOWORK: 'off' },
    },
  );
  const plugin = pluginOf(part);
  if (plugin) {
    await installPlugin(benchInstallation, plugin, ['--file', binary, '--reinstall']);
    rmSync(binary);
  } else {
    const bin = join(benchInstallation.root, 'bin');
    mkdirSync(bin, { recursive: true });
    // A rename within one file system: a half-copied binary is never where it would be used.
    renameSync(binary, join(bin, part));
  }
  stamp(part, recipeHash(part));
}

/** @throws EnvironmentError without a Go compiler. */
export async function requireGo(): Promise<void> {
  const { failed } = await execa('go', ['version'], { reject: false });
  if (failed) {
    throw new EnvironmentError(
      'Pulumi cannot be downloaded here and must be built, but there is no Go compiler: install Go 1.25 or newer (package golang, or https://go.dev/dl)',
    );
  }
}

function goPackage(part: Part): string {
  if (part === 'pulumi') return 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi';
  if (part === 'pulumi-language-nodejs')
    return 'github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs';
  return '.';
}

function linkerFlags(part: Part): string {
  const version = 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version';
  return part === 'pulumi' ? `-s -w -X ${version}=v${CLI_VERSION}` : '-s -w';
}

/** `pulumi plugin install`, official by default, from a file with `--file`. */
export async function installPlugin(
  installation: PulumiInstallation,
  name: PluginName,
  flags: string[] = [],
): Promise<void> {
  const args = ['plugin', 'install', 'resource', name, pluginVersion(name), ...flags];
  await runLogged(
    join(installation.root, 'bin/pulumi'),
    args,
    join(benchDir, 'logs', `install-${name}.log`),
    {
      env: { PULUMI_HOME: installation.home, PULUMI_SKIP_UPDATE_CHECK: 'true' },
    },
  );
}
