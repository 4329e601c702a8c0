/** The plan: which arrival of which scenario is due when, fixed before the first request is sent. */
import { TARGET_NAMES, type TargetName } from '../../infra/targets.ts';
import type { Executor } from './executor.ts';
import type { ChosenLimits, LoopMode } from './loop.ts';
import type { Share } from './share.ts';
import type { TlsPolicy } from './tls-policy.ts';

/** Calls of the subject's API; each is a file in scenarios/. */
export const API_CALLS = ['issuance_acceptance', 'list_certificates'] as const;
export type ApiCall = (typeof API_CALLS)[number];

/** Name of the handshakes with a target: scenarios/handshake.ts. */
export const handshakeOf = <Target extends TargetName>(target: Target) => `${target}_handshake` as const;

/** Name of the deploy loops to a target: scenarios/deploy_loop.ts. */
export const deployLoopOf = <Target extends TargetName>(target: Target) => `${target}_deploy_loop` as const;

/** Scenarios of which one arrival is one request. */
export const REQUEST_KINDS = [...API_CALLS, ...TARGET_NAMES.map(handshakeOf)] as const;

/** What one arrival does. */
export const SCENARIO_KINDS = [...REQUEST_KINDS, ...TARGET_NAMES.map(deployLoopOf)] as const;
export type ScenarioKind = (typeof SCENARIO_KINDS)[number];

/** A part of a scenario in which its rate (arrivals a second), or its number of VUs, changes linearly. */
export interface Ramp {
  durationNs: number;
  from: number;
  to: number;
}

/**
 * How arrivals lie in the course of the rate.
 * `even`: one whenever a whole arrival is due, from a phase in [0, 1) of an arrival on.
 * `poisson`: at random and independent of each other; the stream of random numbers is named by seed and name.
 * `herd`: all at the start.
 * `closed`: there is no schedule; each VU sends as soon as its last request has ended.
 */
export type Spacing =
  | { type: 'even'; phase: number }
  | { type: 'poisson'; seed: number; stream: string }
  | { type: 'herd' }
  | { type: 'closed' };

export interface PlannedScenario {
  name: string;
  kind: ScenarioKind;
  executor: Executor;
  spacing: Spacing;
  /** Start of the scenario, nanoseconds since the run's time zero. */
  startNs: number;
  /** End of the scenario's own duration, nanoseconds since time zero. */
  endNs: number;
  /** From `startNs` to `endNs`, part after part; empty for a herd, which has no rate. */
  course: Ramp[];
  /** Number of arrivals; 0 for a closed executor, which has no schedule. */
  arrivals: number;
  /** Which of the arrivals these are; absent: all. */
  share?: Share;
  /** Arrivals that may be in flight at once; one more is dropped and counted. */
  maxVUs: number;
  /** Deadline of a request from its send, ms. */
  deadlineMs: number;
  /** Of deploy loops; `renew` where absent. */
  mode?: LoopMode;
  /** Of deploy loops: how long one may stand in the stages that are named, ms. */
  stageMs?: ChosenLimits;
  /** How long requests that are in flight at the end may still take, ms. */
  gracefulStopMs: number;
  httpVersion: 1.1 | 2;
  tls: TlsPolicy;
}

/** One arrival of it is a deploy loop, which leaves certificates and deployments, and has a site to itself meanwhile. */
export function isLoop({ kind }: Pick<PlannedScenario, 'kind'>): boolean {
  return TARGET_NAMES.some((target) => kind === deployLoopOf(target));
}

export interface Plan {
  seed: number;
  /** Makes bodies and names of this run unique. */
  runId: string;
  /** How long the same load comes before time zero without being measured, ms. */
  warmUpMs: number;
  /** Threads that send the calls of the API, and as many that make the handshakes. */
  workers: number;
  scenarios: PlannedScenario[];
}
