/** Takes a stack down and everything that it left in the engine. */
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { LABEL_INCARNATION } from '../../infra/labels.ts';
import { engineAt } from '../setup/use-engine.ts';
import { readDeployment } from './deployment.ts';
import { removeLabelled } from './engine-objects.ts';
import { Diagnostics } from './failure.ts';
import { cancelOnce } from './interruptible.ts';
import { requireItsEngine } from './its-engine.ts';
import { forgetMissing } from './missing-objects.ts';
import { forgetHalfMade, unlessLocked } from './repair.ts';
import { type Run, removeRun } from './runs.ts';
import type { OperationOptions } from './up.ts';
import { runPulumi } from './workspace.ts';

export interface DownOptions extends OperationOptions {
  /** Of an ephemeral stack: goes with the stack. */
  run?: Run | undefined;
}

/**
 * Removes what the stack has in the engine, also what an interrupted `up` made without Pulumi's knowing; then
 * `pulumi destroy` and `stack rm` (or the end of the run directory). By itself Pulumi would stop one container after the
 * other, and its Docker provider waits two seconds before it removes a volume.
 * @throws EnvironmentError with the words of what failed, or where the stack is on another engine; the stack then stays, to be taken down again.
 */
export async function down(
  stack: Stack,
  host: string,
  { interrupt, say, verbose, run }: DownOptions,
): Promise<void> {
  const cancellation = cancelOnce(interrupt);
  const diagnostics = new Diagnostics();
  try {
    const found = await readDeployment(stack);
    await requireItsEngine(stack.name, found, host);
    const { incarnation } = await forgetHalfMade(stack, found, host, say);
    if (incarnation !== undefined)
      await removeLabelled(engineAt(host), `${LABEL_INCARNATION}=${incarnation}`);
    const takeDown = async () => {
      await forgetMissing(stack);
      await stack.destroy({
        onEvent: (event) => diagnostics.add(event),
        onOutput: (text) => {
          cancellation.onOutput(text);
          verbose?.(text);
        },
        ...(verbose && { onError: verbose }),
        signal: cancellation.signal,
      });
    };
    await unlessLocked(stack, takeDown, say);
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
