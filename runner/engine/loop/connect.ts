/** The clients of a lane's deploy loops: they share one watcher, and the sites of a target. */

import type { PlannedScenario } from '../../plan/plan.ts';
import { SCENARIOS } from '../../scenarios/by-kind.ts';
import type { Client } from '../client.ts';
import type { Clock } from '../clock.ts';
import type { Endpoints } from '../contract.ts';
import { deployEndpoint, targetEndpoint } from '../endpoints.ts';
import { LoopClient } from './loop-client.ts';
import type { LoopRecord } from './record.ts';
import { SitePool } from './site-pool.ts';
import { Watcher } from './watcher.ts';

/** Makes the client of a loop scenario; `api` sends its renewals, `record` is told of each loop that has ended. */
export type LoopConnect = (
  planned: PlannedScenario,
  api: Client,
  record: (record: LoopRecord) => void,
) => LoopClient;

export function loopConnector(endpoints: Endpoints, clock: Clock): LoopConnect {
  let watcher: Watcher | undefined;
  const pools = new Map<string, SitePool>();
  return (planned, api, record) => {
    const name = SCENARIOS[planned.kind].endpoint;
    const { databaseUrl, sites } = deployEndpoint(endpoints, planned);
    watcher ??= new Watcher(databaseUrl);
    const pool = pools.get(name) ?? new SitePool(sites[name] ?? []);
    pools.set(name, pool);
    const target = targetEndpoint(endpoints, planned);
    return new LoopClient({ scenario: planned.name, name, target, pool, api, watcher, clock, record });
  };
}
