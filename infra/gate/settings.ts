/** The gate's settings as environment variables: written by the component, read by the script. */

export interface GateSettings {
  /** What a person calls the container. */
  name: string;
  /** Its id in the engine. */
  container: string;
  /** True: ready means "ended with exit code 0", and the answer is its last log line. */
  oneShot: boolean;
  /** Commands to succeed inside of the container. */
  exec: string[][];
  /** `host:port`s that must accept a connection. */
  listening: string[];
  /** URLs that must answer 200; the last one's body is the gate's answer. */
  answering: string[];
  /** PEM of the CA for https URLs. */
  ca: string;
  servername: string;
  deadlineMs: number;
  /** The `ssh://` engine on whose loopback the ports are; empty: they are reached directly. */
  tunnel: string;
}

const VARIABLE = 'BENCH_GATE';

/** One variable with all settings as JSON. */
export function toEnvironment(settings: GateSettings): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(settings) };
}

export function readSettings(env: NodeJS.ProcessEnv): GateSettings {
  return JSON.parse(env[VARIABLE] ?? '') as GateSettings;
}
