/** Runs of `bench load` in which something is wrong, and what they must come to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { TARGET_NAMES } from '../../../../infra/targets.ts';
import { projectRoot } from '../../../../runner/paths.ts';
import { brokenRules } from '../../../../runner/result/summary-schema.ts';
import {
  certctl,
  delayed,
  type Handler,
  identity,
  startServer,
  type TestServer,
} from '../../../support/https-server.ts';
import { serverIdentity } from '../../../support/tls.ts';
import { plainEnvironment } from '../cli.ts';
import { directoryOf, readSummary } from '../results.ts';
import { noisyNeighbours, starvingGroup } from './machine.ts';

export interface Case {
  handler?: Handler;
  /** One that the bench brings; else the short one. */
  profile?: string;
  set?: string[];
  exitCode: 0 | 97 | 99;
  /** The run is INVALID by one of these, and by others only if they follow from what was done. */
  by?: string[];
  /** Only the certificate that the server has at first is trusted. */
  trustsOne?: true;
  /** What is wrong with the machine, the generator or the server meanwhile. */
  disturb?: (seed: number, server: TestServer) => Promise<Disturbance> | Disturbance;
}

interface Disturbance {
  /** Before the command's own. */
  prefix?: string[];
  env?: Record<string, string>;
  end?: () => void;
}

const other = await serverIdentity('subject.test');

const scenario = { executor: 'constant-arrival-rate', duration: '5s', maxVUs: 500, deadline: '2s' };
/** Five seconds of calls and handshakes. */
const SHORT = stringify({
  name: 'short',
  scenarios: { list_certificates: { ...scenario, rate: 100 }, nginx_handshake: { ...scenario, rate: 20 } },
  thresholds: { response_time: ['p(95)<200'], error_rate: ['rate<0.1'] },
});

let requests = 0;
const GENERATOR = ['send_lag', 'generator_cpu', 'event_loop', 'cpu_wait', 'cpu_throttled'];

/** In the midst of the load, each time at another handshake. */
function swap(seed: number, server: TestServer): Disturbance {
  const timer = setInterval(() => {
    if ((server.seen['GET /'] ?? 0) > 20 + (seed % 60)) server.use(other);
  }, 20);
  return { end: () => clearInterval(timer) };
}

export const CASES: Record<string, Case> = {
  quiet: { profile: 'smoke', exitCode: 0 },
  slow: { handler: delayed(400), exitCode: 99 },
  starved: {
    exitCode: 97,
    by: ['cpu_throttled'],
    disturb: (seed) => starvingGroup(`certctl-bench-${process.pid}-${seed}`, 0.2),
  },
  noisy: { exitCode: 97, by: GENERATOR, disturb: () => noisyNeighbours(6 * availableParallelism()) },
  'few-vus': { set: ['scenarios.list_certificates.maxVUs=20'], exitCode: 97, by: ['max_vus'] },
  'rate-limited': {
    handler: (request, response) => {
      if (request.url !== '/' && ++requests % 50 === 0) response.writeHead(429).end();
      else certctl(request, response);
    },
    exitCode: 97,
    by: ['rate_limited'],
  },
  resumed: {
    exitCode: 97,
    by: ['session_resumed'],
    // The generator itself offers none: here something below it does.
    disturb: () => ({
      env: { NODE_OPTIONS: `--import ${join(import.meta.dirname, 'resume-sessions.mjs')}` },
    }),
  },
  swapped: { exitCode: 97, by: ['certificate'], disturb: swap },
  'swapped-untrusted': { trustsOne: true, exitCode: 97, by: ['certificate'], disturb: swap },
  exhausted: {
    // What is in flight at once needs more sockets than that.
    handler: delayed(1500),
    exitCode: 97,
    by: ['generator_exhausted'],
    disturb: () => ({ prefix: ['sh', '-c', 'ulimit -n 100 && exec "$0" "$@"'] }),
  },
};

/** How it ended, and whether that is right. `seed` fixes the plan and the moments. */
export async function attempt(
  { handler, profile, set = [], trustsOne, disturb, by = [], exitCode }: Case,
  seed: number,
) {
  const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-'));
  const [ca, short] = [join(folder, 'ca.pem'), join(folder, 'short.yaml')];
  writeFileSync(ca, trustsOne ? identity.ca : `${identity.ca}\n${other.ca}\n`);
  writeFileSync(short, SHORT);
  await using server = await startServer(handler);
  const at = `127.0.0.1:${server.port}`;
  const { prefix = [], env = {}, end } = (await disturb?.(seed, server)) ?? {};
  try {
    const [command = '', ...args] = [
      ...[...prefix, process.execPath, 'runner/bench.mjs', 'load', '--profile', profile ?? short],
      ...['--base', `https://${at}`, '--ca', ca, '--seed', String(seed)],
      ...TARGET_NAMES.flatMap((name) => ['--target', `${name}=${at}`]),
      ...set.flatMap((one) => ['--set', one]),
    ];
    const ended = await execa(command, args, {
      cwd: projectRoot,
      env: { ...plainEnvironment(), ...env, CERTCTL_TOKEN: 'secret' },
      extendEnv: false,
      reject: false,
    });
    const directory = directoryOf(ended);
    const broken = brokenRules(readSummary(directory)).map(({ rule }) => rule as string);
    rmSync(directory, { recursive: true });
    const reason = by.length > 0 ? broken.some((rule) => by.includes(rule)) : broken.length === 0;
    return { exitCode: ended.exitCode, broken, isRight: ended.exitCode === exitCode && reason };
  } finally {
    end?.();
    rmSync(folder, { recursive: true });
  }
}
