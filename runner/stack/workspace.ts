/** Stacks through Pulumi's Automation API. It takes half a second to import, so this file is imported late. */
import { LocalWorkspace, PulumiCommand, Stack } from '@pulumi/pulumi/automation/index.js';
import type { ConfigKey } from '../../infra/config-keys.ts';
import { type BenchOutputs, benchOutputsSchema } from '../../infra/outputs.ts';
import { EnvironmentError, UsageError } from '../errors.ts';
import { projectRoot } from '../paths.ts';
import type { Setup } from '../setup/setup.ts';
import { findBackend } from './backend.ts';
import { pulumiEnvironment } from './environment.ts';

export const PROJECT = 'certctl-bench';

type StackConfig = Partial<Record<ConfigKey, string>>;

/** The workspace of this checkout: its Pulumi.yaml, the bench's CLI and backend. */
export async function openWorkspace(setup: Setup): Promise<LocalWorkspace> {
  const pulumiCommand = await PulumiCommand.get({ root: setup.installation.root });
  return LocalWorkspace.create({
    workDir: projectRoot,
    pulumiCommand,
    pulumiHome: setup.installation.home,
    envVars: pulumiEnvironment(setup, findBackend()),
  });
}

/**
 * Selects the stack, or makes it.
 * @param fresh what a new stack gets: chosen once, then the stack's own
 * @param given what the person says now
 */
export async function openStack(
  workspace: LocalWorkspace,
  name: string,
  fresh: StackConfig,
  given: StackConfig,
): Promise<Stack> {
  const stack = await Stack.createOrSelect(name, workspace);
  const have = await ownConfig(workspace, name);
  const missing = Object.entries(fresh).filter(([key]) => have[`${PROJECT}:${key}`] === undefined);
  await setConfig(stack, { ...Object.fromEntries(missing), ...given });
  return stack;
}

/** What stands in the stack's own config file: `pulumi config` mixes it with the defaults of Pulumi.yaml. */
async function ownConfig(workspace: LocalWorkspace, name: string): Promise<Record<string, unknown>> {
  try {
    return (await workspace.stackSettings(name)).config ?? {};
  } catch {
    return {};
  }
}

/** @throws UsageError where there is no such stack. */
export async function selectStack(workspace: LocalWorkspace, name: string): Promise<Stack> {
  const known = await workspace.listStacks();
  if (!known.some((stack) => stack.name === name || stack.name.endsWith(`/${name}`))) {
    throw new UsageError(`there is no stack "${name}"; "bench up --stack ${name}" makes it`);
  }
  return Stack.select(name, workspace);
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
export async function readOutputs(stack: Stack): Promise<BenchOutputs> {
  const { bench, apiKey } = await stack.outputs();
  if (bench === undefined)
    throw new EnvironmentError(`stack "${stack.name}" is not up; run "bench up --stack ${stack.name}"`);
  const parsed = benchOutputsSchema.safeParse({ bench: bench.value, apiKey: apiKey?.value });
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(
    `stack "${stack.name}" was made by another version; run "bench up --stack ${stack.name}"`,
    {
      cause: parsed.error,
    },
  );
}
