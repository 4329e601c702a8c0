/** What failed, when, and why. */
import * as Plot from '@observablehq/plot';
import type { Summary } from '../../result/summary-schema.ts';
import { count, percent } from '../format.ts';
import { clock, timeAxis } from './axes.ts';
import { buckets } from './buckets.ts';
import { figure, grid, type Html, section, table } from './elements.ts';
import { inSteps, lengthOf, steps } from './over-time.ts';
import { SERIES, svg } from './svg.ts';

/** Every arrival by how it ended, then the errors by kind over time, each with an example. */
export function errors(summary: Summary): Html {
  const scenarios = Object.entries(summary.scenarios);
  return section({
    id: 'arrivals',
    title: 'Arrivals and errors',
    lead: 'Every arrival of the plan ends in exactly one way; the four add up to what was offered. Failed arrivals keep their times.',
    body: [
      table({
        caption: 'Arrivals by how they ended',
        head: ['scenario', 'offered', 'completed', 'failed', 'dropped', 'unfinished', 'error rate'],
        rows: scenarios.map(([name, { counts, error_rate }]) => [
          name,
          ...[counts.offered, counts.completed, counts.failed, counts.dropped, counts.unfinished].map(count),
          percent(error_rate),
        ]),
      }),
      ...overTime(summary),
      ...examples(summary),
    ],
  });
}

function overTime({ scenarios }: Summary): Html[] {
  const series = Object.values(scenarios).map((one) => one.series);
  const found = buckets(series, 80);
  const lost = found.some((one) => one.dropped > 0) ? ['dropped'] : [];
  const kinds = [...new Set(found.flatMap((one) => Object.keys(one.failedByKind))), ...lost];
  if (kinds.length === 0) return ['No arrival failed or was dropped.'];
  const times = (of: (typeof found)[number], kind: string) =>
    kind === 'dropped' ? of.dropped : (of.failedByKind[kind] ?? 0);
  const colors = kinds.map((_, index) => SERIES[index % SERIES.length] as string);
  const bars = steps(found).flatMap(({ at, of }) =>
    kinds.map((kind) => ({ at, of, kind, times: times(of, kind) })),
  );
  const chart = svg({
    label: `Failed and dropped arrivals over the time of the run: ${kinds.join(', ')}.`,
    x: timeAxis(lengthOf(found)),
    y: { grid: true, label: null, ticks: 5 },
    color: { domain: kinds, range: colors },
    marks: [
      Plot.rectY(
        bars.filter((bar) => bar.times > 0),
        Plot.stackY({
          x1: (bar) => bar.of.start,
          x2: (bar) => bar.of.start + bar.of.seconds,
          y: 'times',
          fill: 'kind',
          order: kinds,
        }),
      ),
    ],
  });
  const title = 'Errors over time';
  const rows = buckets(series, 20).map((of) => [
    clock(of.start),
    ...kinds.map((kind) => count(times(of, kind))),
  ]);
  return [
    grid([
      figure({
        title,
        svg: chart,
        key: kinds.map((kind, index) => [kind, colors[index] as string]),
        note: `All scenarios${inSteps(found)}.`,
        table: { caption: 'Errors by kind', head: ['from', ...kinds], rows },
      }),
    ]),
  ];
}

function examples({ scenarios }: Summary): Html[] {
  const rows = Object.entries(scenarios).flatMap(([name, { counts, errorSamples }]) =>
    Object.entries(counts.failedByKind)
      .filter(([, times]) => times > 0)
      .map(([kind, times]) => [
        name,
        kind,
        count(times),
        errorSamples.find((sample) => sample.kind === kind)?.message ?? '',
      ]),
  );
  if (rows.length === 0) return [];
  return [
    table({
      caption: 'Failures by kind, each with an example',
      hideCaption: false,
      head: ['scenario', 'kind', 'times', 'for example'],
      rows,
      aligns: 'llrl',
    }),
  ];
}
