/** Where the time of a request goes: the mean of each phase, stacked. Means add up; percentiles do not. */
import * as Plot from '@observablehq/plot';
import type { ScenarioSummary, Summary } from '../../result/summary-schema.ts';
import { ms } from '../format.ts';
import { tiersOf } from '../tiers.ts';
import { figure, grid, type Html, section } from './elements.ts';
import { SERIES, svg } from './svg.ts';

const PARTS = [
  ['send lag', 'var(--muted)'],
  ['wait for a connection', SERIES[5]],
  ['TCP connect', SERIES[0]],
  ['TLS handshake', SERIES[1]],
  ['sending', SERIES[4]],
  ['waiting (TTFB)', SERIES[2]],
  ['receiving', SERIES[3]],
] as [Part, string][];

type Part =
  | 'send lag'
  | 'wait for a connection'
  | 'TCP connect'
  | 'TLS handshake'
  | 'sending'
  | 'waiting (TTFB)'
  | 'receiving';

export function phases(summary: Summary): Html {
  const measured = Object.entries(summary.scenarios).filter(([, one]) => one.response_time.samples > 0);
  // Those of deploy loops are others, and have a section of their own.
  const { handshakes, api } = tiersOf({ scenarios: Object.fromEntries(measured) });
  if (handshakes.length + api.length === 0) return '';
  return section({
    id: 'phases',
    title: 'Phases',
    lead:
      'Mean time of each phase; together they are the mean response time. A handshake scenario opens a fresh connection ' +
      'each time; API requests keep theirs.',
    body: [grid([chart('Handshakes by phase', handshakes), chart('API requests by phase', api)].flat())],
  });
}

function chart(title: string, scenarios: [string, ScenarioSummary][]): Html[] {
  if (scenarios.length === 0) return [];
  const rows = scenarios.map(([name, one]) => ({ name, parts: parts(one) }));
  const bars = rows.flatMap(({ name, parts }) => PARTS.map(([part]) => ({ name, part, ms: parts[part] })));
  return [
    figure({
      title,
      svg: svg({
        label: `${title}: mean time of each phase, stacked, for ${rows.map(({ name }) => name).join(', ')}.`,
        height: 50 + rows.length * 34,
        marginLeft: 124,
        x: { grid: true, label: 'ms', labelArrow: 'none', ticks: 5 } as Plot.ScaleOptions,
        y: { label: null, domain: rows.map(({ name }) => name), tickSize: 0 } as Plot.ScaleOptions,
        color: { domain: PARTS.map(([part]) => part), range: PARTS.map(([, color]) => color) },
        marks: [
          Plot.barX(
            bars,
            Plot.stackX({
              y: 'name',
              x: 'ms',
              fill: 'part',
              order: PARTS.map(([part]) => part),
              inset: 0.3,
              insetTop: 4,
              insetBottom: 4,
            }),
          ),
        ],
      }),
      key: PARTS.filter(([part]) => rows.some(({ parts }) => parts[part] > 0)),
      table: {
        caption: `${title}, means in ms`,
        head: ['scenario', ...PARTS.map(([part]) => part), 'response time'],
        rows: scenarios.map(([name, one], index) => [
          name,
          ...PARTS.map(([part]) => ms(rows[index]?.parts[part] ?? null)),
          ms(one.response_time.avg),
        ]),
      },
    }),
  ];
}

/** Mean over all arrivals that ended, also over those that failed before they came to the phase: so they add up. */
function parts({ phases, send_lag, response_time }: ScenarioSummary): Record<Part, number> {
  const mean = ({ avg, samples }: { avg: number | null; samples: number }) =>
    ((avg ?? 0) * samples) / response_time.samples;
  const of = (phase: keyof typeof phases) => {
    const found = phases[phase];
    return found === undefined ? 0 : mean(found);
  };
  const connecting = of('http_req_connecting');
  const handshaking = of('http_req_tls_handshaking');
  return {
    'send lag': mean(send_lag),
    'wait for a connection': Math.max(0, of('http_req_blocked') - connecting - handshaking),
    'TCP connect': connecting,
    'TLS handshake': handshaking,
    sending: of('http_req_sending'),
    'waiting (TTFB)': of('http_req_waiting'),
    receiving: of('http_req_receiving'),
  };
}
