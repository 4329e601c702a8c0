/** Where the time of a deploy loop goes: means as a waterfall a target, and the slowest loops, each by itself. */
import * as Plot from '@observablehq/plot';
import { html } from 'hono/html';
import { type EachPhase, LOOP_PHASES, type LoopPhase } from '../../deploy/phases.ts';
import type { Summary } from '../../result/summary-schema.ts';
import { count, ms, percent } from '../format.ts';
import { deadlineTable, herdTable } from '../loop-scenarios.ts';
import { figure, grid, type Html, section, table } from './elements.ts';
import { herds } from './herds.ts';
import { SERIES, svg } from './svg.ts';

type Loops = NonNullable<NonNullable<Summary['deploy_loop']>['nginx']>;
type Seconds = NonNullable<Loops['reload_impact']>['without'];
type Row = { name: string; phases: EachPhase<number> };

const WORDS: Record<LoopPhase, string> = {
  create: 'created',
  bind: 'bound to its target',
  renew: 'renewal answered',
  csr_wait: 'wait: agent polls',
  csr_queue: 'wait: agent is busy',
  csr: 'key and CSR',
  sign: 'signed',
  deploy_wait: 'wait: agent polls again',
  deploy_queue: 'wait: agent is busy again',
  deploy: 'deployed',
  serve: 'served',
};
const KEY: [string, string][] = [
  ['work', String(SERIES[0])],
  ['waiting', String(SERIES[1])],
];
const colorOf = (kind: 'work' | 'wait') => KEY[kind === 'work' ? 0 : 1]?.[1] ?? '';

/** Nothing where the run had no deploy loops. */
export function deployLoops(summary: Summary): Html {
  const { deploy_loop } = summary;
  const targets = Object.entries(deploy_loop ?? {}).flatMap(([name, one]) =>
    one ? [[name, one] as const] : [],
  );
  if (targets.length === 0) return '';
  return section({
    id: 'deploy',
    title: 'Deploy loops',
    lead:
      'From the intended start of a renewal until a fresh handshake shows the certificate that certctl issued. Work is ' +
      'what the parties did; waiting is for the next poll of an agent, and for what it does before. Together they are the total.',
    body: [
      table({
        caption: 'Deploy loops by target, ms',
        head: ['target', 'served', 'a minute', 'total p50', 'p95', 'max', 'work p95', 'wait p95', 'failed'],
        rows: targets.map(([name, one]) => [
          name,
          `${count(one.served)} of ${count(one.n)}`,
          one.loops_a_minute === null ? '–' : one.loops_a_minute.toFixed(1),
          ...[one.total.p50, one.total.p95, one.total.max, one.work.p95, one.wait.p95].map(ms),
          Object.entries(one.failed_by_kind)
            .map(([kind, times]) => `${count(times)} × ${kind}`)
            .join(', ') || '–',
        ]),
      }),
      grid([...targets.map(means), ...herds(summary), ...targets.flatMap(slowest)]),
      impactTable(targets),
      titled('How herds came to be served, from their start', herdTable(summary)),
      titled(
        'What loops do, and how long one may stand in each stage, and take in all',
        deadlineTable(summary),
      ),
    ],
  });
}

function titled(caption: string, { head, rows }: ReturnType<typeof herdTable>): Html {
  return rows.length === 0 ? '' : table({ caption, hideCaption: false, head, rows });
}

function means([name, loops]: readonly [string, Loops]): Html {
  const phases = phasesOf(loops);
  return waterfall(
    `${name}: a loop in the mean`,
    phases.map((phase, index) => {
      const before = phases.slice(0, index).reduce((sum, one) => sum + mean(loops, one.name), 0);
      return { ...phase, y: WORDS[phase.name], x1: before, x2: before + mean(loops, phase.name) };
    }),
    phases.map(({ name: phase }) => WORDS[phase]),
    {
      caption: `${name}: phases in ms`,
      head: ['phase', 'kind', 'mean', 'p50', 'p95', 'max'],
      rows: phases.map(({ name: phase, kind }) => {
        const { avg, p50, p95, max } = loops.phases[phase] ?? { avg: null, p50: null, p95: null, max: null };
        return [WORDS[phase], kind, ...[avg, p50, p95, max].map(ms)];
      }),
      aligns: 'llr',
    },
  );
}

/** Those that the loops had. */
const phasesOf = (loops: Loops) => LOOP_PHASES.filter(({ name }) => loops.phases[name] !== undefined);

const mean = ({ phases }: Loops, phase: LoopPhase) => phases[phase]?.avg ?? 0;

function slowest([name, all]: readonly [string, Loops]): Html[] {
  const { slowest: loops } = all;
  if (loops.length === 0) return [];
  const phases = phasesOf(all);
  const rows: Row[] = loops.map((one, index) => ({
    name: `${index + 1}. ${one.servername.split('.')[0]}`,
    phases: one.phases,
  }));
  const bars = rows.flatMap((row) => {
    let before = 0;
    return phases.map(({ name: phase, kind }) => {
      const x1 = before;
      before += row.phases[phase] ?? 0;
      return { kind, y: row.name, x1, x2: before };
    });
  });
  return [
    waterfall(
      `${name}: the slowest loops`,
      bars,
      rows.map((row) => row.name),
      {
        caption: `${name}: the slowest loops, ms`,
        head: ['site', 'renewal job', 'deployment job', ...phases.map((one) => one.name), 'total'],
        rows: loops.map((one) => [
          one.servername,
          html`<code>${one.renewal ?? '–'}</code>`,
          html`<code>${one.deployment ?? '–'}</code>`,
          ...phases.map((phase) => ms(one.phases[phase.name] ?? null)),
          ms(one.total),
        ]),
        aligns: 'lllr',
      },
    ),
  ];
}

function waterfall(
  title: string,
  bars: { kind: 'work' | 'wait'; y: string; x1: number; x2: number }[],
  domain: string[],
  figures: Parameters<typeof figure>[0]['table'],
): Html {
  return figure({
    title,
    svg: svg({
      label: `${title}: one bar a phase, one after the other, in seconds. ${domain.join(', ')}.`,
      height: 50 + domain.length * 22,
      marginLeft: 146,
      x: { grid: true, label: 's', labelArrow: 'none', ticks: 4, transform: seconds } as Plot.ScaleOptions,
      y: { label: null, domain, tickSize: 0 } as Plot.ScaleOptions,
      marks: [
        Plot.barX(bars, {
          ...{ y: 'y', x1: 'x1', x2: 'x2', insetTop: 3, insetBottom: 3 },
          fill: ({ kind }: { kind: 'work' | 'wait' }) => colorOf(kind),
        }),
      ],
    }),
    key: KEY,
    table: figures,
  });
}

/** Loops take from tenths of a second to a minute: in ms the axis would be all zeros. */
const seconds = (ms: number) => ms / 1000;

/** What a reload costs the clients that connect meanwhile. */
function impactTable(targets: (readonly [string, Loops])[]): Html {
  const measured = targets.flatMap(([name, { reload_impact }]) =>
    reload_impact ? [[name, reload_impact] as const] : [],
  );
  if (measured.length === 0) return '';
  const cells = ({ seconds, ended, failed, p99_median, p99_max }: Seconds) => [
    count(seconds),
    percent(ended === 0 ? null : failed / ended),
    ms(p99_median),
    ms(p99_max),
  ];
  return table({
    caption: 'Handshakes of others while certificates were deployed: seconds around a reload, and all others',
    hideCaption: false,
    head: [
      'target',
      'seconds',
      'errors',
      'p99 of a second, median',
      'greatest',
      'others: seconds',
      'errors',
      'p99 of a second, median',
      'greatest',
    ],
    rows: measured.map(([name, { with_reload, without }]) => [
      name,
      ...cells(with_reload),
      ...cells(without),
    ]),
  });
}
