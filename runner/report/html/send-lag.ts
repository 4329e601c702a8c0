/** How late the generator itself was. */
import * as Plot from '@observablehq/plot';
import type { Summary } from '../../result/summary-schema.ts';
import { ms } from '../format.ts';
import { clock, msAxis, timeAxis } from './axes.ts';
import { buckets } from './buckets.ts';
import { type Figure, type Html, table } from './elements.ts';
import { inSteps, lengthOf, steps } from './over-time.ts';
import { INK, svg } from './svg.ts';

export function sendLagTable({ scenarios }: Summary): Html {
  return table({
    caption: 'Send lag in ms',
    head: ['scenario', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    rows: Object.entries(scenarios).map(([name, { send_lag }]) => [
      name,
      ...[send_lag.p50, send_lag.p90, send_lag.p99, send_lag.p999, send_lag.max].map(ms),
    ]),
  });
}

/** Summaries of before the series had it have the table only. */
export function sendLagOverTime({ scenarios }: Summary): Figure[] {
  const series = Object.values(scenarios).map((one) => one.series);
  const found = buckets(series, 160);
  const line = (field: 'sendLagP99' | 'sendLagMax') =>
    steps(found).map(({ at, of }) => ({ at, value: of[field] === null ? NaN : Math.max(0.001, of[field]) }));
  const p99 = line('sendLagP99');
  const max = line('sendLagMax');
  const values = [...p99, ...max].map(({ value }) => value).filter(Number.isFinite);
  if (values.length === 0) return [];
  return [
    {
      title: 'Send lag over time',
      svg: svg({
        label:
          'Send lag over the time of the run: p99 and maximum of each second, of the scenario where it was greatest.',
        x: timeAxis(lengthOf(found)),
        y: msAxis(values),
        marks: [
          Plot.lineY(max, { x: 'at', y: 'value', stroke: INK.service, strokeWidth: 1.25 }),
          Plot.lineY(p99, { x: 'at', y: 'value', stroke: INK.response, strokeWidth: 1.5 }),
        ],
      }),
      key: [
        ['p99', INK.response],
        ['max', INK.service],
      ],
      note: `The scenario with the greatest lag${inSteps(found)}.`,
      table: {
        caption: 'Send lag in ms, the worst second of each step',
        head: ['from', 'p99', 'max'],
        rows: buckets(series, 20).map(({ start, sendLagP99, sendLagMax }) => [
          clock(start),
          ms(sendLagP99),
          ms(sendLagMax),
        ]),
      },
    },
  ];
}
