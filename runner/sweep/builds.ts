/** Containers from which images were to be made, by processes that were killed meanwhile. */
import { hostname } from 'node:os';
import { LABEL_BUILD } from '../../infra/labels.ts';
import { isAlive } from '../liveness.ts';
import { engineAt } from '../setup/use-engine.ts';
import { labelledObjects, removeLabelled } from '../stack/engine-objects.ts';
import type { Leftover } from './leftover.ts';

/** @param host address of the engine */
export async function abandonedBuilds(host: string): Promise<Leftover[]> {
  const objects = await labelledObjects(engineAt(host), LABEL_BUILD);
  return objects.flatMap(({ value, created }) => {
    // What runs from such an image has the label without a value.
    const [, machine, pid] = /^(.+):(\d+)$/.exec(value) ?? [];
    if (machine === undefined) return [];
    const isOurs = machine === hostname();
    if (isOurs && isAlive({ pid: Number(pid), hostname: machine })) return [];
    const reason = isOurs ? `process ${pid} that made it has ended` : `machine ${machine} made it`;
    const why = `container of an image's build, and ${reason}`;
    const remove = () => removeLabelled(engineAt(host), `${LABEL_BUILD}=${value}`);
    const name = `build of process ${pid}`;
    return [{ what: 'objects', name, why, since: created, ...(!isOurs && { machine }), remove }];
  });
}
