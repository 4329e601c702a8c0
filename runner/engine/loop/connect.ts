/** The clients of a lane's deploy loops: they share one watcher, and the sites of a target. */

import { createSecureContext } from 'node:tls';
import { stageLimits } from '../../plan/loop.ts';
import type { PlannedScenario } from '../../plan/plan.ts';
import { SCENARIOS } from '../../scenarios/by-kind.ts';
import type { Client } from '../client.ts';
import type { Clock } from '../clock.ts';
import type { Endpoints } from '../contract.ts';
import type { RunFacts } from '../driver.ts';
import { deployEndpoint, targetEndpoint } from '../endpoints.ts';
import { beginRenewal } from './begin.ts';
import { Binder } from './binder.ts';
import { enrolment } from './enrol.ts';
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

export function loopConnector(endpoints: Endpoints, clock: Clock, run: RunFacts): LoopConnect {
  let watcher: Watcher | undefined;
  let binder: Binder | undefined;
  const close = () => {
    for (const one of [watcher, binder]) one?.close().catch(() => {});
  };
  const pools = new Map<string, SitePool>();
  const context = createSecureContext({ ecdhCurve: 'X25519:P-256' });
  return (planned, api, record) => {
    const name = SCENARIOS[planned.kind].endpoint;
    const { databaseUrl, sites, pollMs } = deployEndpoint(endpoints, planned);
    watcher ??= new Watcher(databaseUrl);
    const pool = pools.get(name) ?? new SitePool(sites[name] ?? []);
    pools.set(name, pool);
    const target = targetEndpoint(endpoints, planned);
    const { name: scenario, mode, executor, deadlineMs, stageMs } = planned;
    if (mode === 'enrol') binder ??= new Binder(databaseUrl);
    const begin = binder && mode === 'enrol' ? enrolment({ ...run, scenario, binder, clock }) : beginRenewal;
    return new LoopClient({
      ...{ scenario, name, begin, close, pool, api, watcher, clock, record, deadlineMs },
      look: (servername) => shownCertificate(target, servername, context),
      limits: stageLimits(stageMs, { pollMs, deadlineMs, executor }),
    });
  };
}
