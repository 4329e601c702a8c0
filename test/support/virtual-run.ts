/** A scenario's run in virtual time: real driver, recorder and exchanges; no sockets, threads or timers. */
import type { Client } from '../../runner/engine/client.ts';
import { Driver } from '../../runner/engine/driver.ts';
import type { Exchange } from '../../runner/engine/exchange.ts';
import { Recorder } from '../../runner/engine/recorder.ts';
import type { Report } from '../../runner/engine/report.ts';
import type { PlannedScenario } from '../../runner/plan/plan.ts';
import { Timeline } from '../../runner/plan/timeline.ts';

/** What the server does with one request: after so many ms. */
export interface Behaviour {
  ms: number;
  does: 'answer' | 'answer_wrong' | 'answer_500' | 'reset' | 'nothing';
}

export interface VirtualRun {
  reports: Report[];
  /** Requests that the server saw. */
  seen: number;
  endNs: number;
}

const MS = 1e6;
const TICK_NS = 20 * MS;
const LIST = JSON.stringify({ data: [], total: 0, page: 1, per_page: 50 });

/** Runs a list_certificates scenario; behaviours are used in turn. `stopMs`: when it is interrupted. */
export function virtualRun(planned: PlannedScenario, behaviours: Behaviour[], stopMs = Infinity): VirtualRun {
  let nowNs = 0;
  let seen = 0;
  const events: { ns: number; happen: () => void }[] = [];
  const at = (ns: number, happen: () => void) => events.push({ ns, happen });
  const reports: Report[] = [];

  const client: Client = {
    send(_request, exchange) {
      const { ms, does } = behaviours[seen++ % behaviours.length] ?? { ms: 0, does: 'answer' };
      exchange.writeNs = exchange.writtenNs = nowNs;
      at(nowNs + ms * MS, () => finish(exchange, does));
    },
    close() {},
  };
  const recorder = new Recorder(planned.name, (report) => reports.push(report));
  const scenario = { endpoint: 'api', status: 200, request: () => ({ method: 'GET' as const, path: '/' }) };
  const problem = (body: string) => (body === LIST ? undefined : 'wrong');
  const run = { runId: 'r', runStartMs: 0 };
  const driver = new Driver(planned, { ...scenario, problem }, client, recorder, () => nowNs, run);

  let timeline = new Timeline([planned]);
  let stopped = false;
  for (let tickNs = 0; ; tickNs += TICK_NS) {
    for (;;) {
      events.sort((a, b) => a.ns - b.ns);
      const dueNs = Math.min(timeline.dueNs, events[0]?.ns ?? Infinity);
      if (dueNs > tickNs) break;
      nowNs = dueNs;
      if (timeline.dueNs === dueNs) {
        driver.release(timeline.arrival, dueNs);
        timeline.advance();
      } else events.shift()?.happen();
    }
    nowNs = tickNs;
    if (nowNs >= stopMs * MS && !stopped) {
      stopped = true;
      timeline = new Timeline([]);
      driver.stop(nowNs, 1000);
    }
    driver.expire(nowNs);
    recorder.advance(nowNs);
    recorder.step();
    if (timeline.dueNs === Infinity && driver.idle) break;
  }
  recorder.flush();
  return { reports, seen, endNs: nowNs };
}

function finish(exchange: Exchange, does: Behaviour['does']): void {
  if (does === 'nothing') return;
  if (does === 'reset') {
    exchange.failed(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    return;
  }
  exchange.status = does === 'answer_500' ? 500 : 200;
  exchange.readBody = () => (does === 'answer_wrong' ? 'wrong' : LIST);
  exchange.answered();
}
