/** The load of a scenario in words, as reports and plans show it. */
import { formatDuration } from './duration.ts';
import type { ScenarioConfig } from './executors.ts';

/** `50/1s for 5m from 10s, maxVUs 2000, HTTP/2` */
export function describeLoad(config: ScenarioConfig): string {
  return [arrivals(config), ...loopOf(config), ...connection(config)].join(', ');
}

function arrivals(config: ScenarioConfig): string {
  const start = config.startTime > 0 ? ` from ${formatDuration(config.startTime)}` : '';
  switch (config.executor) {
    case 'constant-arrival-rate':
    case 'poisson-arrival-rate': {
      const { rate, timeUnit, duration, maxVUs } = config;
      return `${rate}/${formatDuration(timeUnit)} for ${formatDuration(duration)}${start}, maxVUs ${maxVUs}`;
    }
    case 'ramping-arrival-rate': {
      const { startRate, timeUnit, stages, maxVUs } = config;
      const unit = `/${formatDuration(timeUnit)}`;
      return `${startRate}${unit}${path(stages, unit)}${start}, maxVUs ${maxVUs}`;
    }
    case 'herd':
      return `${config.iterations} at once${start}`;
    case 'constant-vus':
      return `${config.vus} VUs for ${formatDuration(config.duration)}${start}`;
    case 'ramping-vus':
      return `${config.startVUs} VUs${path(config.stages, ' VUs')}${start}`;
  }
}

/** Of a deploy loop, what is not as usual: `enrol, deadlines csr 5s, serve 2s` */
function loopOf({ mode = 'renew', deadlines = {} }: ScenarioConfig): string[] {
  const named = Object.entries(deadlines).flatMap(([stage, ms]) =>
    ms === undefined ? [] : [`${stage} ${formatDuration(ms)}`],
  );
  return [
    ...(mode === 'renew' ? [] : [mode]),
    ...(named.length === 0 ? [] : [`deadlines ${named.join(', ')}`]),
  ];
}

/** What differs from HTTP/1.1 and full handshakes with whatever the server takes. */
function connection({ httpVersion, tls = {} }: ScenarioConfig): string[] {
  const { version, cipherSuites, groups, session } = tls;
  return [
    httpVersion === 2 && 'HTTP/2',
    version !== undefined && `TLS ${version}`,
    cipherSuites?.join(':'),
    groups?.join(':'),
    session === 'resume' && 'sessions resumed',
  ].filter((text) => typeof text === 'string');
}

/** The executor, with the spacing where it has a choice: `ramping-arrival-rate (poisson)`. */
export function describeExecutor(config: ScenarioConfig): string {
  const isPoisson = config.executor === 'ramping-arrival-rate' && config.arrivals === 'poisson';
  return isPoisson ? `${config.executor} (poisson)` : config.executor;
}

function path(stages: { duration: number; target: number }[], unit: string): string {
  return stages.map(({ duration, target }) => ` → ${target}${unit} in ${formatDuration(duration)}`).join('');
}
