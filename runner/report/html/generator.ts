/** What the generator saw of itself. */
import * as Plot from '@observablehq/plot';
import type { Summary } from '../../result/summary-schema.ts';
import { ms, percent } from '../format.ts';
import { clock, timeAxis } from './axes.ts';
import { bucketSeconds } from './buckets.ts';
import { type Figure, facts, figure, grid, type Html, section, table } from './elements.ts';
import { sendLagOverTime, sendLagTable } from './send-lag.ts';
import { SERIES, svg } from './svg.ts';

type Health = NonNullable<Summary['health']>;

/** Its lateness, the CPU of its threads over time, how late their event loops were, and the process as a whole. */
export function generator(summary: Summary): Html {
  const { health, run } = summary;
  return section({
    id: 'generator',
    title: 'The generator',
    lead:
      'Send lag is the actual send minus the intended start: what the generator adds to every response time. It is no ' +
      'fault of the subject.',
    body: [
      sendLagTable(summary),
      grid([...sendLagOverTime(summary), ...cpuOverTime(health)].map(figure)),
      ...(health ? [loopDelay(health), process(health, run.durationMs)] : []),
    ],
  });
}

function loopDelay({ lanes }: Health): Html {
  return table({
    caption: 'How late timers of the event loops were, in ms',
    hideCaption: false,
    head: ['thread', 'p50', 'p99', 'max'],
    rows: Object.entries(lanes).map(([name, { loop_delay }]) => [
      name,
      ...[loop_delay.p50, loop_delay.p99, loop_delay.max].map(ms),
    ]),
  });
}

function process({ process, steal, throttled, awake, deaths }: Health, durationMs: number): Html {
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const { cpuSeconds, rssStartBytes, rssEndBytes, rssMaxBytes } = process;
  return facts([
    ['CPU', `${percent((cpuSeconds * 1000) / durationMs)} of a core, all threads, over the run`],
    [
      'Memory',
      `${mib(rssStartBytes)} at the start, ${mib(rssEndBytes)} at the end, ${mib(rssMaxBytes)} at most`,
    ],
    ['Steal', steal === null ? 'not told by this system' : percent(steal)],
    ['CPU quota', throttled === null ? 'none' : `${percent(throttled)} of its periods throttled`],
    ...(awake === undefined
      ? []
      : [
          ['Processors', awake ? 'kept from sleeping during the run' : 'may have slept when idle'] as [
            string,
            string,
          ],
        ]),
    ...deaths.map((death): [string, string] => ['Died', death]),
  ]);
}

/** None in summaries of before the generator watched itself. */
function cpuOverTime(health: Health | undefined): Figure[] {
  const known = Object.values(health?.lanes ?? {}).some(({ seconds }) => seconds.length > 0);
  return health && known ? [cpu(health)] : [];
}

function cpu({ lanes }: Health): Figure {
  const names = Object.keys(lanes);
  const colors = names.map((_, index) => SERIES[index % SERIES.length] as string);
  const worst = (most: number) => {
    const all = Object.values(lanes).flatMap(({ seconds }) => seconds.map(({ second }) => second));
    const step = bucketSeconds(Math.max(...all) + 1, most);
    return names.map((name) => {
      const steps = new Map<number, number>();
      for (const { second, cpu } of lanes[name]?.seconds ?? []) {
        const start = Math.floor(second / step) * step;
        steps.set(start, Math.max(steps.get(start) ?? 0, cpu));
      }
      return {
        name,
        step,
        points: [...steps].map(([start, share]) => ({ name, at: start + step / 2, start, share })),
      };
    });
  };
  const drawn = worst(160);
  const end = Math.max(...drawn.flatMap(({ points, step }) => points.map(({ start }) => start + step)), 1);
  const rows = worst(20);
  const starts = [...new Set(rows.flatMap(({ points }) => points.map(({ start }) => start)))];
  return {
    title: "CPU of the generator's threads",
    svg: svg({
      label: `Share of a core that each thread of the generator used over the time of the run: ${names.join(', ')}.`,
      x: timeAxis(end),
      y: {
        domain: [0, 1],
        grid: true,
        label: null,
        tickFormat: (share: number) => `${Math.round(share * 100)} %`,
        ticks: 5,
      },
      color: { domain: names, range: colors },
      marks: [
        Plot.lineY(
          drawn.flatMap(({ points }) => points),
          { x: 'at', y: 'share', stroke: 'name', strokeWidth: 1.5 },
        ),
      ],
    }),
    key: names.map((name, index) => [name, colors[index] as string]),
    note: 'Share of a core; the worst second of each step.',
    table: {
      caption: 'Share of a core, the worst second of each step',
      head: ['from', ...names],
      rows: starts.map((start) => [
        clock(start),
        ...rows.map(({ points }) => percent(points.find((point) => point.start === start)?.share ?? null)),
      ]),
    },
  };
}
