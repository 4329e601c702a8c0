/** Which scenarios of a run called the API, made handshakes, followed deployments: reports speak of each by itself. */
import { API_CALLS } from '../plan/plan.ts';
import type { ScenarioSummary, Summary } from '../result/summary-schema.ts';

export type Entry = [name: string, scenario: ScenarioSummary];

export function tiersOf({ scenarios }: Pick<Summary, 'scenarios'>): {
  api: Entry[];
  handshakes: Entry[];
  loops: Entry[];
} {
  const entries = Object.entries(scenarios);
  const isApi = ([, { kind }]: Entry) => API_CALLS.some((call) => call === kind);
  const isHandshake = ([, { target_type }]: Entry) => target_type !== null;
  return {
    api: entries.filter(isApi),
    handshakes: entries.filter(isHandshake),
    loops: entries.filter((entry) => !isApi(entry) && !isHandshake(entry)),
  };
}
