/** Stacks through Pulumi's Automation API. It takes half a second to import, so this file is imported late. */
import { LocalWorkspace, type OutputMap, PulumiCommand, Stack } from '@pulumi/pulumi/automation/index.js';
import { execa } from 'execa';
import { CONFIG_KEYS, type ConfigKey } from '../../infra/config-keys.ts';
import { type BenchOutputs, benchOutputsSchema } from '../../infra/outputs.ts';
import { EnvironmentError, UsageError } from '../errors.ts';
import { projectRoot } from '../paths.ts';
import { type Backend, fileBackend, findBackend } from './backend.ts';
import { type Machine, pulumiEnvironment } from './environment.ts';
import { outputMap } from './output-map.ts';
import { type Run, runFolders } from './runs.ts';
import { temporaryFolder } from './temporary.ts';

export const PROJECT = 'certctl-bench';

type StackConfig = Partial<Record<ConfigKey, string>>;

/** The workspace of this checkout: its Pulumi.yaml, the bench's CLI and backend. */
export function openWorkspace(machine: Machine): Promise<LocalWorkspace> {
  return workspaceIn(projectRoot, machine, findBackend(), temporaryFolder());
}

/** The workspace of an ephemeral stack, which has all of that in its run directory. */
export function openRun({ installation }: Pick<Machine, 'installation'>, run: Run): Promise<LocalWorkspace> {
  const { work, state, temporary } = runFolders(run);
  const machine = { installation, engine: { host: run.engine } };
  return workspaceIn(work, machine, fileBackend(state), temporary);
}

async function workspaceIn(
  workDir: string,
  machine: Machine,
  backend: Backend,
  TMPDIR: string,
): Promise<LocalWorkspace> {
  const { installation } = machine;
  const workspace = await LocalWorkspace.create({
    workDir,
    pulumiCommand: await PulumiCommand.get({ root: installation.root }),
    pulumiHome: installation.home,
    envVars: { ...pulumiEnvironment(machine, backend), TMPDIR },
  });
  // The Automation API's own asks the CLI twice, with the secrets and without, which takes half a second.
  workspace.stackOutputs = async (name) => outputMap(await workspace.exportStack(name));
  return workspace;
}

/** The same stack, whose operations do not end with a question for its history, which nobody here looks at. */
export function withoutHistory(stack: Stack): Stack {
  stack.info = async () => undefined;
  return stack;
}

/**
 * Selects the stack, or makes it.
 * @param choose from the config that the stack has to the one that it gets; where it throws, nothing is changed
 */
export async function openStack(
  workspace: LocalWorkspace,
  name: string,
  choose: (have: StackConfig, stack: Stack) => StackConfig | Promise<StackConfig>,
): Promise<Stack> {
  const stack = withoutHistory(await Stack.createOrSelect(name, workspace));
  const have = await ownConfig(workspace, name);
  const chosen = await choose(have, stack);
  const changed = Object.entries(chosen).filter(([key, value]) => have[key as ConfigKey] !== value);
  await setConfig(stack, Object.fromEntries(changed));
  return stack;
}

/** What stands in the stack's own config file: `pulumi config` mixes it with the defaults of Pulumi.yaml. */
async function ownConfig(workspace: LocalWorkspace, name: string): Promise<StackConfig> {
  const settings = await workspace.stackSettings(name).catch(() => undefined);
  const entries = CONFIG_KEYS.map((key) => [key, settings?.config?.[`${PROJECT}:${key}`]] as const);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}

/** @throws UsageError where there is no such stack. */
export async function selectStack(workspace: LocalWorkspace, name: string): Promise<Stack> {
  const known = await workspace.listStacks();
  if (!known.some((stack) => stack.name === name || stack.name.endsWith(`/${name}`))) {
    throw new UsageError(`there is no stack "${name}"; "bench up --stack ${name}" makes it`);
  }
  return withoutHistory(await Stack.select(name, workspace));
}

/** `pulumi ...args` in the stack's workspace, with `input` on stdin: for what the Automation API has no call. */
export async function runPulumi({ workspace }: Stack, args: string[], input?: string): Promise<void> {
  const { pulumiCommand, pulumiHome, envVars, workDir } = workspace;
  await execa(pulumiCommand.command, [...args, '--non-interactive'], {
    cwd: workDir,
    env: { ...envVars, ...(pulumiHome && { PULUMI_HOME: pulumiHome }) },
    ...(input !== undefined && { input }),
  });
}

/** Sets config keys of the project, in one call. */
export async function setConfig(stack: Stack, values: Record<string, string>): Promise<void> {
  const entries = Object.entries(values).map(([key, value]) => [`${PROJECT}:${key}`, { value }] as const);
  if (entries.length > 0) await stack.setAllConfig(Object.fromEntries(entries));
}

/**
 * The output contract of a stack that is up.
 * @throws EnvironmentError where it is not up, or was made by another version of the program.
 */
export async function readOutputs(stack: Pick<Stack, 'name' | 'outputs'>): Promise<BenchOutputs> {
  return parseOutputs(stack.name, await stack.outputs());
}

/** The same, of outputs that were read already. */
export function parseOutputs(name: string, { bench, apiKey, databaseUrl }: OutputMap): BenchOutputs {
  if (bench === undefined)
    throw new EnvironmentError(`stack "${name}" is not up; run "bench up --stack ${name}"`);
  const parsed = benchOutputsSchema.safeParse({
    bench: bench.value,
    apiKey: apiKey?.value,
    databaseUrl: databaseUrl?.value,
  });
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(`stack "${name}" was made by another version; run "bench up --stack ${name}"`, {
    cause: parsed.error,
  });
}
