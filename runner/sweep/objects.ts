/** What the engine holds of ephemeral stacks whose run directory is gone, with its clone or by somebody's hand. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { LABEL_RUN } from '../../infra/labels.ts';
import { engineAt } from '../setup/use-engine.ts';
import { labelledObjects, removeLabelled } from '../stack/engine-objects.ts';
import type { Leftover } from './leftover.ts';

/** @param host address of the engine */
export async function orphanedObjects(host: string): Promise<Leftover[]> {
  const byRun = Map.groupBy(await labelledObjects(engineAt(host), LABEL_RUN), ({ value }) => value);
  return [...byRun].flatMap(([run, objects]) => {
    const [, machine, folder = ''] = /^([^:]*):(.*)$/s.exec(run) ?? [];
    // What has a run directory is looked after by its own clone.
    if (!machine || existsSync(folder)) return [];
    const since = new Date(Math.min(...objects.map(({ created }) => created.getTime())));
    const isOurs = machine === hostname();
    const reason = isOurs ? `their run directory ${folder} is gone` : `machine ${machine} made them`;
    const why = `${objects.length} objects in the engine, and ${reason}`;
    const remove = () => removeLabelled(engineAt(host), `${LABEL_RUN}=${run}`);
    const name = folder.split('/').at(-1) ?? folder;
    return [{ what: 'objects', name, why, since, ...(!isOurs && { machine }), remove }];
  });
}
