/** What the command and a generator in a container say to each other, a line of JSON each. */
import type { DeployAccount } from '../deploy/account.ts';
import type { Endpoints, Progress, RunResult } from '../engine/contract.ts';
import type { ExitCode } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import type { Profile } from '../profiles/profile.ts';
import type { Machine, Moment } from '../result/fingerprint/machine.ts';
import type { HostFacts } from '../result/host.ts';

/** What is to be sent. */
export interface Load {
  plan: Plan;
  /** That the plan was made of: its thresholds may end the run. */
  profile: Profile;
}

/** The first line of its input. One more line, or the end of the input, ends the run early. */
export interface Job extends Load {
  endpoints: Endpoints;
}

/** What was measured, and by what. */
export interface Generated {
  result: RunResult;
  /** Of deploy loops; absent where there were none. */
  deploy?: DeployAccount;
  /** Certificates that were there before; null without an API. */
  seededRows: number | null;
  moment: Moment;
  /** Median time of a TCP connect before the load, ms. */
  roundTripMs: number | null;
  machine: Machine;
  /** The machine that the generator ran on. */
  host: HostFacts;
  /** Of Node and OpenSSL there. */
  versions: { node: string; openssl: string };
}

export type FromGenerator =
  | { type: 'progress'; progress: Progress }
  | { type: 'done'; generated: Generated }
  | { type: 'failed'; message: string; exitCode: ExitCode };
