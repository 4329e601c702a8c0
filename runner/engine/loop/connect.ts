/** The clients of a lane's deploy loops: they share one watcher, and the sites of a target. */

import { createSecureContext } from 'node:tls';
import { stageLimits } from '../../plan/loop.ts';
import type { PlannedScenario } from '../../plan/plan.ts';
import { SCENARIOS } from '../../scenarios/by-kind.ts';
import type { Client } from '../client.ts';
import type { Clock } from '../clock.ts';
import type { Endpoints } from '../contract.ts';
import { deployEndpoint, targetEndpoint } from '../endpoints.ts';
import { LoopClient } from './loop-client.ts';
import { shownCertificate } from './probe.ts';
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
  const context = createSecureContext({ ecdhCurve: 'X25519:P-256' });
  return (planned, api, record) => {
    const name = SCENARIOS[planned.kind].endpoint;
    const { databaseUrl, sites, pollMs } = deployEndpoint(endpoints, planned);
    watcher ??= new Watcher(databaseUrl);
    const pool = pools.get(name) ?? new SitePool(sites[name] ?? []);
    pools.set(name, pool);
    const target = targetEndpoint(endpoints, planned);
    const { deadlineMs, stageMs } = planned;
    return new LoopClient({
      ...{ scenario: planned.name, name, pool, api, watcher, clock, record, deadlineMs },
      look: (servername) => shownCertificate(target, servername, context),
      limits: stageLimits(stageMs, { pollMs, deadlineMs }),
    });
  };
}
