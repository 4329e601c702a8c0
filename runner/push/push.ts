/** Pushes the figures of a run to a Prometheus Pushgateway, or what takes its requests, as OpenMetrics text. */
import { type OpenMetricsContentType, openMetricsContentType, Pushgateway, Registry } from 'prom-client';
import type { Progress } from '../engine/contract.ts';
import type { Profile } from '../profiles/profile.ts';
import { gaugesOf, type MakeGauge } from '../report/gauges.ts';
import { addSummary } from '../report/metrics-prom.ts';
import type { Summary } from '../result/summary-schema.ts';
import { addProgress } from './live-metrics.ts';

const JOB = 'certctl_bench';
const EVERY_MS = 5000;
/** So that a gateway that hangs holds up the end of a run no longer than this. */
const PATIENCE_MS = 4000;

export interface Push {
  /** To be called as often as the engine reports, once a second. */
  update(progress: Progress): void;
  /** The figures and the verdict of the run that has ended; resolves once all that was begun is over. */
  end(summary: Summary): Promise<void>;
}

export interface PushOptions {
  /** Origin and path before `/metrics`; user and password in it are sent as basic authentication. */
  url: string;
  /** Its name is that of the group which a push replaces: a scrape finds the newest run of each profile. */
  profile: Profile;
  say: (line: string) => void;
}

/** No push holds up the run or changes its verdict: what fails is told, at first and in the end. */
export function pushTo({ url, profile, say }: PushOptions): Push {
  const sent = { begun: 0, failed: 0 };
  let due = 0;
  let last = Promise.resolve();

  async function push(fill: (gauge: MakeGauge) => void): Promise<void> {
    sent.begun++;
    try {
      const registry = new Registry<OpenMetricsContentType>();
      registry.setContentType(openMetricsContentType);
      fill(gaugesOf(registry));
      const options = { timeout: PATIENCE_MS, headers: { 'Content-Type': openMetricsContentType } };
      const gateway = new Pushgateway(url, options, registry);
      await gateway.push({ jobName: JOB, groupings: { profile: profile.name } });
    } catch (error) {
      if (sent.failed++ === 0) say(`--push ${withoutUser(url)}: ${(error as Error).message.trim()}`);
    }
  }

  return {
    update(progress) {
      if (progress.elapsedMs < due) return;
      due = progress.elapsedMs + EVERY_MS;
      last = last.then(() => push((gauge) => addProgress(progress, profile, gauge)));
    },
    async end(summary) {
      await last;
      await push((gauge) => addSummary(summary, gauge));
      if (sent.failed > 0) say(`${sent.failed} of ${sent.begun} pushes of metrics failed.`);
    },
  };
}

function withoutUser(url: string): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}
