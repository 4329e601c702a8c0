/** A run as the engine would return it, made of the response times that a test names. */
import { build, type Histogram } from 'hdr-histogram-js';
import {
  type Counts,
  type RunResult,
  type ScenarioResult,
  TREND_METRICS,
  type TrendMetric,
} from '../../../runner/engine/contract.ts';
import type { Health } from '../../../runner/engine/health.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import type { SummaryInput } from '../../../runner/result/summary.ts';

/** A histogram of integer microseconds. */
export function histogramOf(values: number[]): Histogram {
  const histogram = build({ bitBucketSize: 32, autoResize: true });
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

/** Every trend holds `times` (µs), and the send lag 0.1 ms each, unless `trends` names others; all arrivals completed, unless `counts` says. */
export function scenarioOf(
  name: string,
  times: number[],
  counts: Partial<Counts> = {},
  trends: Partial<Record<TrendMetric, number[]>> = {},
): ScenarioResult {
  const fates = {
    completed: times.length,
    failed: 0,
    dropped: 0,
    unfinished: 0,
    failedByKind: {},
    ...counts,
  };
  const sent = fates.completed + fates.failed + fates.unfinished;
  return {
    name,
    counts: { offered: sent + fates.dropped, sent, ...fates },
    statuses: { 200: fates.completed },
    trends: Object.fromEntries(
      TREND_METRICS.map((metric) => [metric, histogramOf(trends[metric] ?? usual(metric, times))]),
    ) as Record<TrendMetric, Histogram>,
    negotiated: {
      alpn: { 'http/1.1': sent },
      protocol: { 'TLSv1.3': sent },
      cipher: { TLS_AES_256_GCM_SHA384: sent },
      group: { X25519MLKEM768: sent },
      keyType: { 'ec prime256v1': sent },
      fingerprint: { ['ab'.repeat(32)]: sent },
      connections: sent,
      sessionsOffered: 0,
      sessionsReused: 0,
    },
    series: [
      {
        second: 0,
        sent,
        completed: fates.completed,
        failed: fates.failed,
        failedByKind: fates.failedByKind,
        dropped: 0,
        p50: 1,
        p95: 2,
        p99: 3,
        max: 4,
        sendLagP99: 0.1,
        sendLagMax: 0.2,
      },
    ],
    dataSent: sent * 100,
    dataReceived: sent * 1000,
    errorSamples: [],
  };
}

/** Only deploy loops have work and wait. */
function usual(metric: TrendMetric, times: number[]): number[] {
  if (metric.startsWith('deploy_')) return [];
  return metric === 'send_lag' ? times.map(() => 100) : times;
}

export function runOf(scenarios: ScenarioResult[], run: Partial<RunResult> = {}): RunResult {
  return {
    seed: 42,
    startedAt: '2026-11-25T03:15:00.000Z',
    endedAt: '2026-11-25T03:15:20.000Z',
    durationMs: 20_000,
    interrupted: false,
    scenarios: Object.fromEntries(scenarios.map((scenario) => [scenario.name, scenario])),
    health: healthy(),
    ...run,
  };
}

/** A generator that was never near its limits. */
export function healthy(): Health {
  const lane = () => ({
    seconds: Array.from({ length: 20 }, (_, second) => ({ second, cpu: 0.05, cpuWait: 0.01 })),
    loopDelay: histogramOf([100, 200, 300]),
  });
  return {
    lanes: { api: lane(), handshake: lane() },
    deaths: [],
    steal: 0.001,
    throttled: null,
    awake: false,
    process: { cpuSeconds: 2, rssStartBytes: 1e8, rssEndBytes: 1e8, rssMaxBytes: 1e8 },
  };
}

/** The six scenarios of the smoke profile, each arrival in 5 to 20 ms. */
export function healthyScenarios(): ScenarioResult[] {
  const api = Array.from({ length: 1000 }, (_, index) => 5_000 + index * 15);
  const handshakes = Array.from({ length: 32 }, (_, index) => 6_000 + index * 100);
  return [
    scenarioOf('issuance_acceptance', api),
    scenarioOf('list_certificates', api.slice(25)),
    ...['nginx', 'apache', 'haproxy', 'f5'].map((target) => scenarioOf(`${target}_handshake`, handshakes)),
  ];
}

/** As of a machine whose system tells little. */
export function surroundings(): SummaryInput['surroundings'] {
  return {
    machine: {
      cpuModel: 'Some CPU',
      cpus: 2,
      memoryGiB: 4,
      governor: null,
      platform: 'linux',
      kernel: '6.1.0',
      arch: 'x64',
      hypervisor: null,
      runner: null,
      limits: { cpus: null, memoryBytes: null },
    },
    moment: { bootId: null, uptimeSeconds: 100, loadAverage: [0.1, 0.2, 0.3], runnerImage: null },
    setting: {
      images: {
        nginx: { id: 'sha256:0f', source: 'debian' },
        certctl: { id: 'sha256:1e', source: 'subject' },
      },
      subject: 'stand-in',
      postgres: { version: '15.14', settings: null },
      certctlSettings: null,
      containerLimits: null,
      seededRows: 0,
      placement: 'host',
    },
    versions: { bench: '0.1.0', node: '24.21.0', openssl: '3.5.4' },
    roundTripMs: 0.1,
  };
}

/** What `buildSummary` needs, with the bundled smoke profile. */
export async function summaryInput(result: RunResult = runOf(healthyScenarios())): Promise<SummaryInput> {
  const image = (name: string) => ({ id: `sha256:${'0f'.repeat(32)}`, name, source: 'debian' }) as const;
  return {
    run: {
      id: '20261125T031500Z-a1b2c3',
      command: ['bench', 'load', '--profile', 'smoke'],
      versions: { bench: '0.1.0', node: '24.21.0' },
      host: {
        platform: 'linux',
        arch: 'x64',
        kernel: '6.1.0',
        cpuModel: 'Some CPU',
        cpus: 2,
        memoryBytes: 4 * 2 ** 30,
      },
    },
    subject: { kind: 'stand-in', version: '0.1.0' },
    environment: {
      generator: { placement: 'host', path: 'published port' },
      stack: 'dev',
      incarnation: 'f00d',
      postgres: { version: '15.14' },
      images: {
        postgres: image('certctl-bench/debian'),
        nginx: image('certctl-bench/debian'),
        'f5-mock': image('certctl-bench/debian'),
      },
      settings: {
        certctl: { CERTCTL_RATE_LIMIT_ENABLED: 'false' },
        postgres: { shared_buffers: '512MB' },
        limits: { postgres: { cpuSet: '0-1', memoryMb: 1024 }, nginx: { memoryMb: 64 } },
      },
      topologyHash: 'c0ffee',
    },
    profile: await loadProfile('smoke'),
    result,
    surroundings: surroundings(),
  };
}
