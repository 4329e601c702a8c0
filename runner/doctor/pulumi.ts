/** The Pulumi CLI, its language host and plugins, and where stacks are kept. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { benchInstallation, findInstallation, hasPlugin, missingParts, type Part } from '../setup/pulumi.ts';
import { CLI_VERSION, PLUGINS, type PluginName, pluginVersion } from '../setup/versions.ts';
import { embeddedState, hasOwnLogin } from '../stack/backend.ts';
import type { Check, Finding } from './finding.ts';

const REMEDY = '"bench setup" downloads or builds it';
const KINDS = { own: 'yours', bench: 'of the bench' };

/** Where nothing is complete, the parts that the bench's own lacks are told. */
const installation = () => findInstallation() ?? benchInstallation;

export const pulumiCli: Check = async () => binary('Pulumi CLI', 'pulumi');
export const languageHost: Check = async () => binary('Pulumi language host', 'pulumi-language-nodejs');

async function binary(what: string, part: Part): Promise<Finding> {
  const { kind, root } = installation();
  const file = join(root, 'bin', part);
  if (kind === 'bench' ? missingParts().includes(part) : !existsSync(file))
    return { what, state: 'missing', version: CLI_VERSION, from: `not in ${root}`, remedy: REMEDY };
  const version = part === 'pulumi' ? await cliVersion(file) : undefined;
  return { what, state: 'found', version, from: `${KINDS[kind]}, ${root}` };
}

async function cliVersion(file: string): Promise<string | undefined> {
  const { stdout } = await execa(file, ['version'], {
    reject: false,
    env: { PULUMI_SKIP_UPDATE_CHECK: 'true' },
  });
  return stdout?.trim().replace(/^v/, '');
}

export const plugins: Check[] = PLUGINS.map((name) => async () => plugin(name));

function plugin(name: PluginName): Finding {
  const what = `Pulumi plugin ${name}`;
  const version = pluginVersion(name);
  const { kind, home } = installation();
  if (!hasPlugin(home, name))
    return { what, state: 'missing', version, from: `not in ${home}`, remedy: REMEDY };
  return { what, state: 'found', version, from: `${KINDS[kind]}, ${home}` };
}

export const backend: Check = async () => {
  const what = 'Pulumi backend';
  if (hasOwnLogin()) {
    const url = process.env.PULUMI_BACKEND_URL ?? 'your login';
    return { what, state: 'found', from: `yours, ${url}` };
  }
  return { what, state: 'found', from: `of the bench, file://${embeddedState}, no login needed` };
};
