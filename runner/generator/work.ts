/** What a generator does with a job, wherever it stands. */

import { accountFor } from '../deploy/account.ts';
import { clockOffsetOf } from '../deploy/clock-offset.ts';
import { resetSites } from '../deploy/reset.ts';
import type { Endpoints, Progress } from '../engine/contract.ts';
import { apiTrust } from '../engine/endpoints.ts';
import { run } from '../engine/run.ts';
import { trustSystem } from '../engine/trust.ts';
import { isLoop } from '../plan/plan.ts';
import { machine, moment } from '../result/fingerprint/machine.ts';
import { roundTripMs } from '../result/fingerprint/round-trip.ts';
import { hostFacts } from '../result/host.ts';
import { abortJudge } from '../result/thresholds.ts';
import { requireHttpVersion } from '../scenarios/http-version.ts';
import { prepare } from '../scenarios/prepare.ts';
import type { Generated, Job } from './job.ts';

/** @throws EnvironmentError where the subject does not answer: before the load */
export async function work(
  { plan, profile, endpoints }: Job,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Generated> {
  trustSystem(endpoints);
  const seededRows = endpoints.api ? await prepare(endpoints.api, apiTrust(endpoints)) : null;
  if (endpoints.api) await requireHttpVersion(plan.scenarios, endpoints.api, apiTrust(endpoints));
  const before = { seededRows, moment: moment(), roundTripMs: await distance(endpoints) };
  const loops = plan.scenarios.some(isLoop);
  if (loops && endpoints.deploy) await resetSites(endpoints.deploy);
  const clock = loops && endpoints.deploy ? await clockOffsetOf(endpoints.deploy) : undefined;
  const result = await run({ plan, endpoints, onProgress, judge: abortJudge(profile), signal });
  const deploy = await accountFor(result, endpoints.deploy, clock);
  const { node, openssl } = process.versions;
  return {
    ...before,
    result,
    ...(deploy && { deploy }),
    host: hostFacts(),
    machine: machine(),
    versions: { node, openssl },
  };
}

/** To the API, else to any target. */
function distance({ api, targets }: Endpoints): Promise<number | null> {
  const [target] = Object.values(targets);
  if (api === undefined) return target ? roundTripMs(target.host, target.port) : Promise.resolve(null);
  const { hostname, port } = new URL(api.url);
  return roundTripMs(hostname.replace(/^\[|\]$/g, ''), Number(port || 443));
}
