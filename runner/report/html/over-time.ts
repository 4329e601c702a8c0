/** What happened when: rates, latencies, errors and the generator's own lateness over the time of the run. */
import * as Plot from '@observablehq/plot';
import type { Summary } from '../../result/summary-schema.ts';
import { count, ms } from '../format.ts';
import { type Entry, tiersOf } from '../tiers.ts';
import { clock, msAxis, timeAxis } from './axes.ts';
import { type Bucket, buckets } from './buckets.ts';
import { type Figure, figure, grid, type Html, section } from './elements.ts';
import { INK, svg } from './svg.ts';

const CHART_STEPS = 160;
const TABLE_STEPS = 20;

export function overTime(summary: Summary): Html {
  const entries = Object.entries(summary.scenarios).filter(([, { series }]) => series.length > 0);
  const { api, handshakes, loops } = tiersOf({ scenarios: Object.fromEntries(entries) });
  const rates = [
    rate('API requests', api),
    rate('Handshakes', handshakes),
    rate('Deploy loops', loops),
  ].filter((one) => one !== undefined);
  const ended = entries.filter(([, one]) => one.response_time.samples > 0);
  return section({
    id: 'time',
    title: 'Over time',
    lead: 'Sent counts in the second in which an arrival was due, completed and times in the one in which it ended.',
    body: [grid([...rates, ...ended.map(latency)].map(figure))],
  });
}

function rate(title: string, entries: Entry[]): Figure | undefined {
  const series = entries.map(([, one]) => one.series);
  const found = buckets(series, CHART_STEPS);
  if (found.length === 0) return undefined;
  const line = (field: 'sent' | 'completed') =>
    steps(found).map(({ at, of }) => ({ at, value: of[field] / of.seconds }));
  const sent = line('sent');
  const completed = line('completed');
  const most = Math.max(...[...sent, ...completed].map(({ value }) => value), 1);
  const names = entries.map(([name]) => name).join(', ');
  return {
    title: `${title} a second`,
    svg: svg({
      label: `${title} a second over the time of the run, sent and completed: ${names}.`,
      x: timeAxis(lengthOf(found)),
      y: { domain: [0, most * 1.1], grid: true, label: null, ticks: 5 },
      marks: [
        Plot.lineY(completed, { x: 'at', y: 'value', stroke: INK.service, strokeWidth: 1.5 }),
        Plot.lineY(sent, { x: 'at', y: 'value', stroke: INK.response, strokeWidth: 1.5 }),
      ],
    }),
    key: [
      ['sent', INK.response],
      ['completed', INK.service],
    ],
    note: `${names}, together${inSteps(found)}.`,
    table: {
      caption: `${title}: sum of each step`,
      head: ['from', 'sent', 'completed', 'failed', 'dropped'],
      rows: buckets(series, TABLE_STEPS).map((one) => [
        clock(one.start),
        ...[one.sent, one.completed, one.failed, one.dropped].map(count),
      ]),
    },
  };
}

function latency([name, { series, response_time }]: Entry): Figure {
  const found = buckets([series], CHART_STEPS);
  const line = (field: 'p50' | 'p99') =>
    steps(found).map(({ at, of }) => ({ at, value: of[field] === null ? NaN : Math.max(0.001, of[field]) }));
  const p50 = line('p50');
  const p99 = line('p99');
  return {
    title: `${name}: response time`,
    svg: svg({
      label: `${name}: response time over the time of the run, p50 and p99 of each second. Maximum ${ms(response_time.max)} ms.`,
      height: 180,
      x: timeAxis(lengthOf(found)),
      y: msAxis([...p50, ...p99].map(({ value }) => value).filter(Number.isFinite)),
      marks: [
        Plot.lineY(p99, { x: 'at', y: 'value', stroke: INK.service, strokeWidth: 1.25 }),
        Plot.lineY(p50, { x: 'at', y: 'value', stroke: INK.response, strokeWidth: 1.5 }),
      ],
    }),
    key: [
      ['p50', INK.response],
      ['p99', INK.service],
    ],
    note: found[0]?.seconds === 1 ? undefined : `The worst second${inSteps(found)}.`,
    table: {
      caption: `${name}: worst second of each step, response time in ms`,
      head: ['from', 'p50', 'p99', 'max'],
      rows: buckets([series], TABLE_STEPS).map(({ start, p50, p99, max }) => [
        clock(start),
        ms(p50),
        ms(p99),
        ms(max),
      ]),
    },
  };
}

/** Each bucket at its middle. */
export function steps(found: Bucket[]): { at: number; of: Bucket }[] {
  return found.map((of) => ({ at: of.start + of.seconds / 2, of }));
}

export const lengthOf = (found: Bucket[]) =>
  found.reduce((end, { start, seconds }) => Math.max(end, start + seconds), 1);

/** Said where a step is longer than a second. */
export function inSteps([first]: Bucket[]): string {
  return first === undefined || first.seconds === 1 ? '' : ` in steps of ${first.seconds} s`;
}
