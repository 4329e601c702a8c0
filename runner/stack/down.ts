/** Takes a stack down and everything that it left in the engine. */
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { LABEL_INCARNATION } from '../../infra/labels.ts';
import { engineAt } from '../setup/use-engine.ts';
import { readDeployment } from './deployment.ts';
import { removeContainers, removeLabelled } from './engine-objects.ts';
import { Diagnostics } from './failure.ts';
import { cancelOnce } from './interruptible.ts';
import { unlessObjectsAreMissing } from './missing-objects.ts';
import { forgetHalfMade, unlessLocked } from './repair.ts';
import { type Run, removeRun } from './runs.ts';
import type { OperationOptions } from './up.ts';
import { runPulumi } from './workspace.ts';

export interface DownOptions extends OperationOptions {
  /** Of an ephemeral stack: goes with the stack. */
  run?: Run | undefined;
}

/**
 * `pulumi destroy` and `stack rm` (or the end of the run directory), then what an interrupted `up` made without Pulumi's knowing.
 * @throws EnvironmentError with the words of what failed; the stack then stays, to be taken down again.
 */
export async function down(
  stack: Stack,
  host: string,
  { interrupt, say, verbose, run }: DownOptions,
): Promise<void> {
  const cancellation = cancelOnce(interrupt);
  const diagnostics = new Diagnostics();
  const { incarnation } = await readDeployment(stack);
  const label = incarnation && `${LABEL_INCARNATION}=${incarnation}`;
  try {
    // A network in which something hangs that Pulumi does not know could not be removed.
    await forgetHalfMade(stack, host, say);
    // Their data goes as well, so none of them has to stop in order, as Pulumi would let them, one after the other.
    // The refresh then finds them gone.
    if (label !== undefined) await removeContainers(engineAt(host), label);
    const takeDown = () =>
      stack.destroy({
        onEvent: (event) => diagnostics.add(event),
        onOutput: (text) => {
          cancellation.onOutput(text);
          verbose?.(text);
        },
        ...(verbose && { onError: verbose }),
        signal: cancellation.signal,
      });
    await unlessObjectsAreMissing(stack, () => unlessLocked(stack, takeDown, say), say);
    if (label !== undefined) await removeLabelled(engineAt(host), label);
    if (run) removeRun(run);
    else await runPulumi(stack, ['stack', 'rm', '--yes', ...backupsToo(stack), stack.name]);
  } catch (cause) {
    throw diagnostics.toError('down', cause);
  }
}

/** File backends keep copies of each state of a stack, its secrets (encrypted) among them; a CLI since 3.188 removes them. */
function backupsToo({ workspace }: Stack): string[] {
  const { version } = workspace.pulumiCommand;
  return version && version.compare('3.188.0') >= 0 ? ['--remove-backups'] : [];
}
