/**
 * Whether a run is INVALID for the right reason, and only then: `bench load` against a server of this process, with
 * something wrong each time.
 *
 *     node bench/validity/campaign.ts [quiet|slow|starved|noisy|few-vus|rate-limited|resumed|swapped ...] [--rounds 10] [--seed 1]
 *
 * Each round is a line; the last line counts those that ended otherwise than they must, and its exit code is 1 if
 * there is one. `quiet` is the smoke profile, twice as often as the others, and wants a machine with nothing else to
 * do; `starved` wants a writable cgroup (root).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { projectRoot } from '../../runner/paths.ts';
import { brokenRules } from '../../runner/result/summary-schema.ts';
import { directoryOf, readSummary } from '../../test/e2e/support/results.ts';
import {
  certctl,
  delayed,
  type Handler,
  identity,
  startServer,
  type TestServer,
} from '../../test/support/https-server.ts';
import { serverIdentity } from '../../test/support/tls.ts';
import { noisyNeighbours, starvingGroup } from './machine.ts';

interface Case {
  handler?: Handler;
  /** Over the profile's own. */
  profile?: string;
  set?: string[];
  exitCode: 0 | 97 | 99;
  /** The run is INVALID by one of these, and by others only if they follow from what was done. */
  by?: string[];
  /** What is wrong with the machine, the generator or the server meanwhile. */
  disturb?: (round: number, server: TestServer) => Promise<Disturbance> | Disturbance;
}

interface Disturbance {
  /** Before the command's own. */
  prefix?: string[];
  env?: Record<string, string>;
  end?: () => void;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-'));
const ca = join(folder, 'ca.pem');
const other = await serverIdentity('subject.test');
writeFileSync(ca, `${identity.ca}\n${other.ca}\n`);

/** Five seconds of calls and handshakes. */
const SHORT = join(folder, 'short.yaml');
const scenario = { executor: 'constant-arrival-rate', duration: '5s', maxVUs: 500, deadline: '2s' };
writeFileSync(
  SHORT,
  stringify({
    name: 'short',
    scenarios: { list_certificates: { ...scenario, rate: 100 }, nginx_handshake: { ...scenario, rate: 20 } },
    thresholds: { response_time: ['p(95)<200'], error_rate: ['rate<0.1'] },
  }),
);

let requests = 0;
const GENERATOR = ['send_lag', 'generator_cpu', 'event_loop', 'cpu_wait', 'cpu_throttled'];

const CASES: Record<string, Case> = {
  quiet: { profile: 'smoke', exitCode: 0 },
  slow: { handler: delayed(400), exitCode: 99 },
  starved: {
    exitCode: 97,
    by: ['cpu_throttled'],
    disturb: (round) => starvingGroup(`certctl-bench-${process.pid}-${round}`, 0.2),
  },
  noisy: { exitCode: 97, by: GENERATOR, disturb: () => noisyNeighbours(24) },
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
  swapped: {
    exitCode: 97,
    by: ['certificate'],
    disturb(round, server) {
      // At a moment of its own in each round, within the load.
      const timer = setTimeout(
        () => server.use(other),
        3500 + ((round * 977 + Number(values.seed) * 311) % 1500),
      );
      return { end: () => clearTimeout(timer) };
    },
  },
};

async function measure(round: number, { handler, profile = SHORT, set = [], disturb }: Case) {
  await using server = await startServer(handler);
  const at = `127.0.0.1:${server.port}`;
  const { prefix = [], env = {}, end } = (await disturb?.(round, server)) ?? {};
  try {
    const [command = '', ...args] = [
      ...[...prefix, process.execPath, 'runner/bench.mjs', 'load', '--profile', profile],
      ...['--base', `https://${at}`, '--ca', ca, '--seed', String(Number(values.seed) * 1000 + round)],
      ...TARGET_NAMES.flatMap((name) => ['--target', `${name}=${at}`]),
      ...set.flatMap((one) => ['--set', one]),
    ];
    const ended = await execa(command, args, {
      cwd: projectRoot,
      env: { ...env, CERTCTL_TOKEN: 'secret', NO_COLOR: '1' },
      reject: false,
    });
    const directory = directoryOf(ended);
    const broken = brokenRules(readSummary(directory)).map(({ rule }) => rule);
    rmSync(directory, { recursive: true });
    return { exitCode: ended.exitCode, broken };
  } finally {
    end?.();
  }
}

let wrong = 0;
for (const [name, one] of Object.entries(CASES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const rounds = Number(values.rounds) * (name === 'quiet' ? 2 : 1);
  for (let round = 0; round < rounds; round++) {
    const { exitCode, broken } = await measure(round, one);
    const { by = [] } = one;
    const isRight =
      exitCode === one.exitCode &&
      (by.length > 0 ? broken.some((rule) => by.includes(rule)) : broken.length === 0);
    if (!isRight) wrong++;
    console.log(
      `${isRight ? 'right' : 'WRONG'}  ${name} ${round + 1}/${rounds}  ${exitCode}  ${broken.join(' ')}`,
    );
  }
}
rmSync(folder, { recursive: true });
console.log(`${wrong} ended otherwise than they must (seed ${values.seed})`);
process.exitCode = wrong > 0 ? 1 : 0;
