/** The plan: which arrival of which scenario is due when, fixed before the first request is sent. */

/** What one arrival does; each is a file in scenarios/. */
export const SCENARIO_KINDS = [
  'issuance_acceptance',
  'list_certificates',
  'nginx_handshake',
  'apache_handshake',
  'haproxy_handshake',
  'f5_handshake',
] as const;
export type ScenarioKind = (typeof SCENARIO_KINDS)[number];

export interface PlannedScenario {
  name: string;
  kind: ScenarioKind;
  /** Period between two arrivals in nanoseconds = timeUnit / rate (a real number: no drift). */
  periodNs: number;
  /** Time of the first arrival in nanoseconds since the run's time zero. */
  firstNs: number;
  /** Number of arrivals. */
  arrivals: number;
  /** End of the scenario's own duration, nanoseconds since time zero. */
  endNs: number;
  /** Arrivals that may be in flight at once; one more is dropped and counted. */
  maxVUs: number;
  /** Deadline of a request from its send, ms. */
  deadlineMs: number;
  /** How long requests that are in flight at the end may still take, ms. */
  gracefulStopMs: number;
}

export interface Plan {
  seed: number;
  /** Makes bodies and names of this run unique. */
  runId: string;
  scenarios: PlannedScenario[];
}

/** Intended start of arrival `index`, nanoseconds since time zero; absolute, so lateness never shifts it. */
export function intendedNs(scenario: PlannedScenario, index: number): number {
  return scenario.firstNs + index * scenario.periodNs;
}
