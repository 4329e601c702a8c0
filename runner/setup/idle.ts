/** Whether the private engine may be stopped. */
import { join } from 'node:path';
import { execa } from 'execa';
import { LABEL_STACK } from '../../infra/labels.ts';
import { thisProcess } from '../liveness.ts';
import { completeFolders, otherHolders } from '../stack/held-folder.ts';
import { runsFolder } from '../stack/runs.ts';
import { leaveTemporary, temporaryRoot } from '../stack/temporary.ts';
import type { Engine } from './engine.ts';

/**
 * True where the engine holds no container of any bench stack, and no other command of this clone is at work: an `up`
 * has none in its first seconds. This process is done with its own temporary files then: they go, so that of two
 * commands that end at the same time one stops the engine.
 */
export async function isIdle(engine: Engine): Promise<boolean> {
  leaveTemporary();
  const { stdout } = await execa('docker', ['ps', '--all', '--quiet', '--filter', `label=${LABEL_STACK}`], {
    env: { DOCKER_HOST: engine.host },
  });
  // Asked last: nothing is awaited between this and the signal to the engine.
  return stdout === '' && !isInUse();
}

/** True where another process of this machine holds a run directory or temporary files. */
function isInUse(): boolean {
  const { hostname } = thisProcess();
  return [runsFolder, temporaryRoot].some((parent) =>
    completeFolders(parent).some((name) =>
      otherHolders(join(parent, name)).some((holder) => holder.hostname === hostname),
    ),
  );
}
