/** Takes a stack down and everything that it left in the engine. */
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { execa } from 'execa';
import { LABEL_INCARNATION } from '../../infra/labels.ts';
import { Diagnostics } from './failure.ts';
import { cancelOnce } from './interruptible.ts';
import type { OperationOptions } from './up.ts';
import { runPulumi } from './workspace.ts';

/**
 * `pulumi destroy` and `stack rm`, then what an interrupted `up` made without Pulumi's knowing.
 * @throws EnvironmentError with the words of what failed; the stack then stays, to be taken down again.
 */
export async function down(
  stack: Stack,
  host: string,
  { interrupt, verbose }: Omit<OperationOptions, 'say'>,
): Promise<void> {
  const cancellation = cancelOnce(interrupt);
  const diagnostics = new Diagnostics();
  const incarnation = await findIncarnation(stack);
  try {
    // A killed process leaves its lock; whoever takes the stack down wants it gone.
    await stack.cancel().catch(() => {});
    await stack.destroy({
      onEvent: (event) => diagnostics.add(event),
      onOutput: (text) => {
        cancellation.onOutput(text);
        verbose?.(text);
      },
      ...(verbose && { onError: verbose }),
      signal: cancellation.signal,
    });
    if (incarnation !== undefined) await removeLabelled(host, `${LABEL_INCARNATION}=${incarnation}`);
    await runPulumi(stack, ['stack', 'rm', '--yes', ...backupsToo(stack), stack.name]);
  } catch (cause) {
    throw diagnostics.toError('down', cause);
  }
}

/** File backends keep copies of each state of a stack, its secrets (encrypted) among them; a CLI since 3.188 removes them. */
function backupsToo({ workspace }: Stack): string[] {
  const { version } = workspace.pulumiCommand;
  return version && version.compare('3.188.0') >= 0 ? ['--remove-backups'] : [];
}

/** The random value that labels all objects of this stack; undefined where `up` did not get that far. */
async function findIncarnation(stack: Stack): Promise<string | undefined> {
  const { deployment } = await stack.exportStack();
  const resources: { urn: string; outputs?: { stdout?: string } }[] = deployment?.resources ?? [];
  return resources.find(({ urn }) => urn.endsWith('::incarnation'))?.outputs?.stdout;
}

/** Containers first: they hold the networks and volumes. */
async function removeLabelled(host: string, label: string): Promise<void> {
  const docker = async (...args: string[]) => {
    const { stdout } = await execa('docker', args, { env: { DOCKER_HOST: host } });
    return stdout.split('\n').filter((line) => line !== '');
  };
  const filter = ['--quiet', '--filter', `label=${label}`];
  const containers = await docker('ps', '--all', ...filter);
  if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers);
  const networks = await docker('network', 'ls', ...filter);
  if (networks.length > 0) await docker('network', 'rm', ...networks);
  const volumes = await docker('volume', 'ls', ...filter);
  if (volumes.length > 0) await docker('volume', 'rm', ...volumes);
}
