/**
 * What goes into the engine and what comes out of it. The engine knows nothing of Pulumi, Docker,
 * profiles' files or reports: it takes a plan and endpoints and gives back histograms and counts.
 */
import type { Histogram } from 'hdr-histogram-js';
import type { Plan } from '../plan/plan.ts';
import type { Health } from './health.ts';
import type { LoopRecord } from './loop/record.ts';

/** The HTTPS API of the subject. */
export interface ApiEndpoint {
  /** Origin, for example `https://127.0.0.1:32768`. */
  url: string;
  /** Name for SNI and certificate verification; the URL's host where absent. */
  servername?: string;
  /** Bearer token of an admin key. */
  token: string;
  /** PEM of the only CA that is trusted for it; empty: the system's and Node's; absent: the CA of all endpoints. */
  ca?: string | undefined;
}

/** One TLS-terminating target. */
export interface TargetEndpoint {
  host: string;
  port: number;
  /** Name for SNI and certificate verification. */
  servername: string;
}

/** One site of a target: a server name with a certificate of its own, which certctl deploys. */
export interface Site {
  servername: string;
  /** Id of its certificate in certctl. */
  certificate: string;
  /** Id of its deployment target in certctl. */
  target: string;
}

/** What deploy loops need. */
export interface DeployEndpoint {
  /** URL of certctl's database, whose rows say how far a loop is: a secret. */
  databaseUrl: string;
  /** How often agents ask for work. */
  pollMs: number;
  /** By target. */
  sites: Record<string, Site[]>;
}

export interface Endpoints {
  api: ApiEndpoint | undefined;
  targets: Record<string, TargetEndpoint>;
  /** Absent: nothing deploys. */
  deploy?: DeployEndpoint;
  /** PEM of the only CA that is trusted; undefined: the system's and Node's. */
  ca: string | undefined;
  /** Any certificate is trusted, and the results say so. */
  insecure?: boolean;
}

/** Where and why an arrival failed; the set is closed, so that reports can list all of them. */
export const ERROR_KINDS = [
  'connect_refused',
  'connect_timeout',
  'tls',
  // The certificate was not that of a CA that is trusted, was for another name, or was not valid at the time.
  'untrusted_certificate',
  'timeout',
  'reset',
  'http_4xx',
  'http_5xx',
  'bad_body',
  'session_resumed',
  'worker_died',
  // The system gave the generator no more sockets, ports or buffers.
  'generator_exhausted',
  // Of deploy loops: where it stopped.
  'not_accepted',
  'no_csr',
  'not_signed',
  'not_claimed',
  'lost_deployment',
  'deploy_failed',
  'not_served',
  'wrong_certificate',
  'other',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** Names of the histograms that every scenario has. All hold integer microseconds. */
export const TREND_METRICS = [
  /** From the intended start to the end: what is judged. */
  'response_time',
  /** From the actual send to the end. */
  'service_time',
  /** Actual send minus intended start. */
  'send_lag',
  // k6's phases, with k6's meaning.
  'http_req_blocked',
  'http_req_connecting',
  'http_req_tls_handshaking',
  'http_req_sending',
  'http_req_waiting',
  'http_req_receiving',
  /** k6's: sending + waiting + receiving, without connect and TLS. */
  'http_req_duration',
  // Of deploy loops: what the parties did, and what they waited for each other; together they are the response time.
  'deploy_work',
  'deploy_wait',
] as const;
export type TrendMetric = (typeof TREND_METRICS)[number];

/**
 * The fates of the arrivals of one scenario. Always:
 * offered = completed + failed + dropped + unfinished.
 */
export interface Counts {
  /** Arrivals of the plan whose time had come when the run ended (all of them unless it ended early). */
  offered: number;
  completed: number;
  failed: number;
  failedByKind: Partial<Record<ErrorKind, number>>;
  /** Not sent, because `maxVUs` were busy. */
  dropped: number;
  /** Sent, but neither completed nor failed when gracefulStop ran out or the run was interrupted. */
  unfinished: number;
  /** Actually sent: completed + failed + unfinished. */
  sent: number;
}

/** What the servers negotiated, each value with the number of times it was seen. */
export interface Negotiated {
  alpn: Record<string, number>;
  protocol: Record<string, number>;
  cipher: Record<string, number>;
  group: Record<string, number>;
  /** Of the served leaf certificates: algorithm and size or curve. */
  keyType: Record<string, number>;
  /** SHA-256 of the served leaf certificates, lowercase hex; none of connections that resumed a session. */
  fingerprint: Record<string, number>;
  /** Connections opened, to how many of them a TLS session was offered, and how many resumed it. */
  connections: number;
  sessionsOffered: number;
  sessionsReused: number;
}

/** One second of one scenario; the second in which the arrival ended (sent and dropped: was due). */
export interface SeriesPoint {
  /** Seconds since the start of the run. */
  second: number;
  sent: number;
  completed: number;
  failed: number;
  /** Absent in a second without failures. */
  failedByKind?: Partial<Record<ErrorKind, number>>;
  dropped: number;
  /** Response time of the arrivals that ended in this second, ms; null where none ended. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
  /** Send lag of the arrivals that were sent in this second, ms; null where none was. */
  sendLagP99: number | null;
  sendLagMax: number | null;
}

export interface ScenarioResult {
  name: string;
  counts: Counts;
  /** How often each HTTP status was answered. */
  statuses: Record<string, number>;
  trends: Record<TrendMetric, Histogram>;
  negotiated: Negotiated;
  series: SeriesPoint[];
  dataSent: number;
  dataReceived: number;
  /** Up to ten example messages of failures, each with its kind. */
  errorSamples: { kind: ErrorKind; message: string }[];
}

/** A threshold that does not hold, for which the run is not worth going on with. */
export interface Breach {
  /** As the profile writes it, with its selector. */
  metric: string;
  expression: string;
  /** In the unit of the metric. */
  value: number;
}

/** What ended a run before its plan was over, and when. */
export interface Aborted extends Breach {
  /** Since time zero. */
  atMs: number;
}

/** What was measured until now. */
export type SoFar = Pick<RunResult, 'scenarios' | 'durationMs'>;

/** Says after each second whether the run shall go on: undefined. It must not keep or change what it is given. */
export type Judge = (sofar: SoFar) => Breach | undefined;

export interface RunResult {
  seed: number;
  /** ISO 8601, of the plan's time zero. */
  startedAt: string;
  endedAt: string;
  /** From the plan's time zero to the end of the last request, ms. */
  durationMs: number;
  interrupted: boolean;
  /** Absent: nothing that was measured ended it. */
  aborted?: Aborted;
  scenarios: Record<string, ScenarioResult>;
  /** Of deploy loops, in the order of their ends; absent where there were none. */
  loops?: LoopRecord[];
  /** What the generator saw of itself. */
  health: Health;
}

/** What a live view shows, once a second. */
export interface ScenarioProgress {
  name: string;
  counts: Counts;
  inFlight: number;
  /** Sent in the last second. */
  rate: number;
  /** Of response time so far, ms; null before the first end. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

export interface Progress {
  elapsedMs: number;
  /** Length of the plan without gracefulStop, ms. */
  totalMs: number;
  scenarios: ScenarioProgress[];
}

export interface RunRequest {
  plan: Plan;
  endpoints: Endpoints;
  onProgress?: (progress: Progress) => void;
  /** What it does not let go on ends early: nothing more is sent, and what is in flight has its gracefulStop. */
  judge?: Judge | undefined;
  /** Aborting ends the run early: what was measured until then comes back with `interrupted: true`. */
  signal?: AbortSignal;
}
