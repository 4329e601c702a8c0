/** What the engine reports, beside what servers of known answer times saw themselves; and a stall that others miss. */
import type { Histogram } from 'hdr-histogram-js';
import type { ScenarioResult } from '../../runner/engine/contract.ts';
import type { PlannedScenario } from '../../runner/plan/plan.ts';
import { type Answers, startKnownServer } from '../../test/support/known-server.ts';
import { plannedScenario, planOf } from '../../test/support/plans.ts';
import { startGenerator } from '../generator.ts';
import type { Vegeta } from '../peers/vegeta.ts';
import { equal, type Figure } from './figure.ts';

const SERVERS: Record<string, Answers> = {
  '1 ms': { type: 'constant', ms: 1 },
  '50 ms': { type: 'constant', ms: 50 },
  'bimodal, 2 and 60 ms': { type: 'bimodal', ms: [2, 60], share: 0.2 },
  'Pareto, from 2 ms': { type: 'pareto', scaleMs: 2, shape: 1.2, maxMs: 1000 },
};
const PERCENTS = [50, 75, 90, 95, 99];
const RATE = 200;

const STALL = { type: 'stall', fromMs: 8000, forMs: 2000 } as const;
const STALL_SECONDS = 20;
const STALL_RATE = 100;
const WORKERS = 10;

export async function truthFigures(vegeta: Vegeta, rounds: number, seconds: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, answers] of Object.entries(SERVERS)) {
    const bench: number[] = [];
    for (let round = 0; round < rounds; round++) bench.push(await worstError(answers, seconds));
    const what = `worst error of p50 to p99 against a server of ${name}, in units of what is allowed (2 % or 1 ms)`;
    figures.push({ what, unit: '', bench, goal: { atMost: 1 } });
  }
  return [...figures, ...(await stall(vegeta, rounds))];
}

async function worstError(answers: Answers, seconds: number): Promise<number> {
  await using server = await startKnownServer(answers);
  const arrivals = RATE * seconds;
  const plan = planOf(plannedScenario({ periodNs: 1e9 / RATE, arrivals }));
  const { scenarios } = await startGenerator({ plan, endpoints: server.endpoints }).result;
  const { counts, trends } = scenarios.list_certificates as ScenarioResult;
  const own = await server.record();
  equal(
    'offered, sent and seen by the server',
    [counts.offered, counts.sent, own.requests],
    Array(3).fill(arrivals),
  );
  const errors = PERCENTS.map((percent) => {
    const truth = ms(own.times, percent);
    return Math.abs(ms(trends.response_time, percent) - truth) / Math.max(1, truth * 0.02);
  });
  return Math.max(...errors);
}

/**
 * A tenth of the arrivals waits, evenly spread from 2,000 ms down to nothing: one in a hundred for 1,800 ms or longer.
 * Who sends the next request only after an answer has few that wait.
 */
async function stall(vegeta: Vegeta, rounds: number): Promise<Figure[]> {
  const open = plannedScenario({ periodNs: 1e9 / STALL_RATE, arrivals: STALL_RATE * STALL_SECONDS });
  const closed: PlannedScenario = {
    ...open,
    executor: 'constant-vus',
    spacing: { type: 'closed' },
    course: [{ durationNs: STALL_SECONDS * 1e9, from: WORKERS, to: WORKERS }],
    arrivals: 0,
  };
  const seen: Record<string, { p99: number; max: number }[]> = {};
  const note = (who: string, times: { p99: number; max: number }) => {
    seen[who] ??= [];
    seen[who].push(times);
  };
  for (let round = 0; round < rounds; round++) {
    note('bench', await throughStall(open));
    note(`closed loop of ${WORKERS}`, await throughStall(closed));
    note('vegeta', await attackThroughStall(vegeta));
    note(`vegeta, ${WORKERS} workers`, await attackThroughStall(vegeta, WORKERS));
  }
  const { bench = [], ...peers } = seen;
  const figure = (key: 'p99' | 'max', truth: number): Figure => ({
    what: `${key} with a stall of 2 s in 20 s (arithmetic: ${truth})`,
    unit: 'ms',
    bench: bench.map((one) => one[key]),
    peers: Object.fromEntries(Object.entries(peers).map(([who, all]) => [who, all.map((one) => one[key])])),
    goal: { truth, share: 0.02 },
  });
  return [figure('p99', 1800), figure('max', 2000)];
}

async function throughStall(planned: PlannedScenario) {
  await using server = await startKnownServer(STALL);
  const { scenarios } = await startGenerator({ plan: planOf(planned), endpoints: server.endpoints }).result;
  const { counts, trends } = scenarios.list_certificates as ScenarioResult;
  equal('sent and seen by the server', counts.sent, (await server.record()).requests);
  return { p99: ms(trends.response_time, 99), max: ms(trends.response_time, 100) };
}

async function attackThroughStall(vegeta: Vegeta, maxWorkers?: number) {
  await using server = await startKnownServer(STALL);
  const { port } = new URL(server.endpoints.api?.url ?? '');
  const attacked = await vegeta.attack({
    port: Number(port),
    path: '/list',
    ca: server.endpoints.ca ?? '',
    rate: STALL_RATE,
    seconds: STALL_SECONDS,
    ...(maxWorkers !== undefined && { maxWorkers }),
  });
  equal('success of vegeta', attacked.success, 1);
  return attacked;
}

const ms = (histogram: Histogram, percent: number) => histogram.getValueAtPercentile(percent) / 1000;
