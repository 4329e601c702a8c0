/** Rules about the generator and the machine that it ran on. */
import type { Health, LaneHealth } from '../../engine/health.ts';
import { percentile } from '../statistics.ts';
import type { Evidence, Finding, Rule } from './rule.ts';
import { sloMs } from './slo.ts';

/** A tenth of what is asked of the subject: the generator's own lateness is in each response time. */
const SEND_LAG_SHARE = 0.1;
const MAX_CPU = 0.7;
const MAX_LOOP_DELAY_MS = 10;
/**
 * Of a lane's time, as the mean over the run. Seen with the smoke profile, generator and stack on the same two
 * virtual cores: 5 % to 10 % with one other process busy, 26 % and a send lag of 110 ms with twenty.
 */
const MAX_CPU_WAIT = 0.1;
const MAX_THROTTLED = 0.01;
const MAX_STEAL = 0.02;

const lanes = (evidence: Evidence, value: (lane: LaneHealth) => number | null, limit: number): Finding[] =>
  Object.entries(evidence.result.health.lanes).map(([of, lane]) => ({ of, value: value(lane), limit }));

const machine = (key: keyof Pick<Health, 'steal' | 'throttled'>, limit: number) => (evidence: Evidence) => [
  { of: null, value: evidence.result.health[key], limit },
];

export const sendLag: Rule = {
  rule: 'send_lag',
  unit: 'ms',
  judged: true,
  holds: 'at most',
  what: 'p99 of the send lag, against a tenth of the smallest time that a threshold asks of the scenario',
  remedy: 'the generator sent late: give it a quieter or a faster machine, or a lower rate',
  findings: ({ profile, result, planned }) =>
    Object.values(result.scenarios)
      .filter(({ name }) => planned.has(name))
      .map(({ name, trends }) => {
        const slo = sloMs(profile, name);
        return {
          of: name,
          value: percentile(trends.send_lag, 99),
          limit: slo === null ? null : slo * SEND_LAG_SHARE,
        };
      }),
};

export const generatorCpu: Rule = {
  rule: 'generator_cpu',
  unit: 'ratio',
  judged: true,
  holds: 'at most',
  what: 'share of a core that a thread of the generator used, 95th percentile of its seconds',
  remedy: 'the generator was near its limit: lower the rate, or give it a faster core',
  findings: (evidence) =>
    lanes(
      evidence,
      (lane) =>
        quantile(
          lane.seconds.map(({ cpu }) => cpu),
          0.95,
        ),
      MAX_CPU,
    ),
};

export const eventLoop: Rule = {
  rule: 'event_loop',
  unit: 'ms',
  judged: true,
  holds: 'at most',
  what: "p99 of the lateness of a timer in the generator's event loops",
  remedy: 'the generator was held up: give it a quieter machine, or a lower rate',
  findings: (evidence) => lanes(evidence, ({ loopDelay }) => percentile(loopDelay, 99), MAX_LOOP_DELAY_MS),
};

export const cpuWait: Rule = {
  rule: 'cpu_wait',
  unit: 'ratio',
  judged: true,
  holds: 'at most',
  what: 'share of the time in which a thread of the generator waited for a free processor',
  remedy: 'something else took the processors: stop it, or give the generator cores of its own',
  findings: (evidence) =>
    lanes(evidence, ({ seconds }) => mean(seconds.map((one) => one.cpuWait)), MAX_CPU_WAIT),
};

export const cpuThrottled: Rule = {
  rule: 'cpu_throttled',
  unit: 'ratio',
  judged: true,
  holds: 'at most',
  what: 'share of the scheduling periods in which a CPU quota stopped the generator',
  remedy: "raise the CPU quota of the generator's container or session",
  findings: machine('throttled', MAX_THROTTLED),
};

export const steal: Rule = {
  rule: 'steal',
  unit: 'ratio',
  judged: true,
  holds: 'at most',
  what: "share of the machine's CPU time that its hypervisor gave to others",
  remedy: 'the virtual machine was not given what it asked for: measure at another time, or on another host',
  findings: machine('steal', MAX_STEAL),
};

export const workerDeaths: Rule = {
  rule: 'worker_deaths',
  unit: 'count',
  judged: true,
  holds: 'at most',
  what: 'threads of the generator that ended before their work did',
  remedy: 'see health.deaths of summary.json, which has the reason; report it as an error of the bench',
  findings: ({ result }) => [{ of: null, value: result.health.deaths.length, limit: 0 }],
};

export const generatorExhausted: Rule = {
  rule: 'generator_exhausted',
  unit: 'count',
  judged: true,
  holds: 'at most',
  what: 'arrivals for which the system gave the generator no socket, port or buffer: they say nothing about the subject',
  remedy:
    'raise the limits of the generator: open files (ulimit -n), local ports (net.ipv4.ip_local_port_range); or lower the rate or maxVUs',
  findings: ({ result }) =>
    Object.values(result.scenarios).map(({ name, counts }) => ({
      of: name,
      value: counts.failedByKind.generator_exhausted ?? 0,
      limit: 0,
    })),
};

/** Null where there are none. */
function quantile(values: number[], q: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}

/** Null where there are none, or one that is not known. */
function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 || known.length < values.length) return null;
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
