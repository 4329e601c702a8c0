/**
 * CPU that the generator needs for a request, beside vegeta's, against nginx with TLS on loopback: the whole process,
 * all threads, user and system, over the steady part of each attack. The two take turns, round by round.
 */
import type { ScenarioResult } from '../../runner/engine/contract.ts';
import type { PlannedScenario } from '../../runner/plan/plan.ts';
import { plannedScenario, planOf } from '../../test/support/plans.ts';
import { offerOf } from '../client-hello.ts';
import { startGenerator } from '../generator.ts';
import type { Nginx } from '../peers/nginx.ts';
import type { Attack, Vegeta } from '../peers/vegeta.ts';
import { cpuShare } from '../process-cpu.ts';
import { equal, type Figure } from './figure.ts';

export interface Against {
  nginx: Nginx;
  vegeta: Vegeta;
  rounds: number;
  seconds: number;
}

interface Load {
  kind: PlannedScenario['kind'];
  path: string;
  rate: number;
  handshakes: boolean;
}

const KEEP_ALIVE: Load = { kind: 'list_certificates', path: '/list', rate: 5000, handshakes: false };
const HANDSHAKES: Load = { kind: 'nginx_handshake', path: '/', rate: 500, handshakes: true };
/** Both tools have reached their pace by then. */
const SETTLE_MS = 2000;
const US = 1e6;
/** Of vegeta: more than it ever needs in the steady part. */
const MAX_CONNECTIONS = 100;

export async function cpuFigures(against: Against): Promise<Figure[]> {
  return [...(await keepAlive(against)), ...(await handshakes(against))];
}

async function keepAlive(against: Against): Promise<Figure[]> {
  const { bench, vegeta, lags } = await sideBySide(against, KEEP_ALIVE);
  return [
    {
      what: 'CPU of a request, keep-alive, 5,000/s',
      unit: 'us',
      bench,
      peers: { vegeta },
      goal: { atMost: 0.7, of: 'vegeta' },
    },
    { what: 'send lag p99 meanwhile', unit: 'ms', bench: lags, goal: { atMost: 2 } },
  ];
}

async function handshakes(against: Against): Promise<Figure[]> {
  const { nginx, vegeta } = against;
  const offers = await Promise.all([
    offerOf((port) => ours(HANDSHAKES, port, nginx, 1, 1).result),
    offerOf((port) => vegeta.attack({ ...theirs(HANDSHAKES, nginx, 1), port, rate: 1 })),
  ]);
  equal('key shares offered', offers[0].keyShares, offers[1].keyShares);
  const before = await nginx.handshakes();
  const round = await sideBySide(against, HANDSHAKES);
  const negotiated = Object.keys(await nginx.handshakes());
  equal('what all handshakes negotiated', negotiated.length, 1);
  equal('nothing before', Object.keys(before), []);
  return [
    {
      what: `CPU of a full handshake, 500/s (${negotiated[0]}; key share ${offers[0].keyShares})`,
      unit: 'us',
      bench: round.bench,
      peers: { vegeta: round.vegeta },
      goal: { atMost: 0.7, of: 'vegeta' },
    },
    { what: 'send lag p99 meanwhile', unit: 'ms', bench: round.lags },
  ];
}

/** CPU of a request in us, and the send lag in ms, of each round. */
async function sideBySide({ nginx, vegeta, rounds, seconds }: Against, load: Load) {
  const [bench, peer, lags]: [number[], number[], number[]] = [[], [], []];
  const windowMs = seconds * 1000 - SETTLE_MS - 500;
  for (let round = 0; round < rounds; round++) {
    const generator = ours(load, nginx.port, nginx, load.rate, seconds);
    await generator.running;
    const share = await cpuShare(generator.pid, windowMs);
    const { scenarios } = await generator.result;
    const { counts, trends } = scenarios[load.kind] as ScenarioResult;
    equal('completed', counts.completed, load.rate * seconds);
    bench.push((share / load.rate) * US);
    lags.push(trends.send_lag.getValueAtPercentile(99) / 1000);

    let theirShare: Promise<number> = Promise.resolve(Number.NaN);
    const attacked = await vegeta.attack(theirs(load, nginx, seconds), (pid) => {
      theirShare = new Promise<void>((resolve) => setTimeout(resolve, SETTLE_MS)).then(() =>
        cpuShare(pid, windowMs),
      );
    });
    equal('errors of vegeta', attacked.errors, []);
    // Its last ticks may come after its end.
    equal('requests of vegeta', Math.round((attacked.requests / load.rate / seconds) * 1000), 1000);
    peer.push(((await theirShare) / load.rate) * US);
  }
  return { bench, vegeta: peer, lags };
}

function ours({ kind }: Load, port: number, { endpoints }: Nginx, rate: number, seconds: number) {
  const { api, targets, ca } = endpoints;
  const target = targets.nginx as NonNullable<typeof targets.nginx>;
  return startGenerator({
    plan: planOf(plannedScenario({ kind, periodNs: 1e9 / rate, arrivals: rate * seconds })),
    endpoints: { api, targets: { nginx: { ...target, port } }, ca },
  });
}

function theirs({ path, rate, handshakes }: Load, { port, endpoints }: Nginx, seconds: number): Attack {
  return {
    ...{ port, path, ca: endpoints.ca ?? '', rate, seconds, handshakes },
    ...(!handshakes && { maxConnections: MAX_CONNECTIONS }),
  };
}
