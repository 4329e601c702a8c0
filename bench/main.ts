/**
 * Measures all figures again, with the peers beside, and prints them as a table.
 *
 *     npm run bench -- [truth] [send-lag] [cpu] [memory] [workers] [--rounds 5] [--quick] [--write]
 *
 * All of them, or those that are named. `--quick` has one round, and shorter; `--write` puts the table into
 * docs/benchmarks.md. It wants a machine with nothing else to do, Go (for vegeta), and the Docker engine of the bench
 * (for nginx); loads go to loopback alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MachineWatch } from '../runner/engine/machine-watch.ts';
import { projectRoot } from '../runner/paths.ts';
import { cpuFigures } from './figures/cpu.ts';
import { type Figure, median } from './figures/figure.ts';
import { goalText } from './figures/goal.ts';
import { memoryFigures } from './figures/memory.ts';
import { sendLagFigures } from './figures/send-lag.ts';
import { truthFigures } from './figures/truth.ts';
import { workersFigures } from './figures/workers.ts';
import { startNginx } from './peers/nginx.ts';
import { buildVegeta } from './peers/vegeta.ts';

const PAGE = join(projectRoot, 'docs/benchmarks.md');
const MARKS = ['<!-- figures -->', '<!-- /figures -->'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const [rounds, seconds, minutes] = values.quick ? [1, 10, 2] : [Number(values.rounds), 20, 10];
if (!(rounds >= 1)) throw new Error(`--rounds must be 1 or more, not "${values.rounds}"`);

using vegeta = await buildVegeta();
await using nginx = await startNginx();
const parts: Record<string, () => Promise<Figure[]>> = {
  truth: () => truthFigures(vegeta, rounds, seconds),
  'send-lag': () => sendLagFigures(rounds, seconds),
  cpu: () => cpuFigures({ nginx, vegeta, rounds, seconds }),
  memory: () => memoryFigures(nginx, minutes),
  workers: () => workersFigures(nginx, rounds),
};
const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0) throw new Error(`"${unknown[0]}" is none of ${Object.keys(parts).join(', ')}`);

const watch = new MachineWatch();
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  const measured = await measure();
  process.stderr.write(`${tableOf(measured)}\n`);
  figures.push(...measured);
}
const text = `${origin(watch.end().steal)}\n\n${tableOf(figures)}`;
console.log(text);
if (values.write) {
  const [before, after] = [
    readFileSync(PAGE, 'utf8').split(MARKS[0])[0],
    readFileSync(PAGE, 'utf8').split(MARKS[1])[1],
  ];
  writeFileSync(PAGE, `${before}${MARKS[0]}\n\n${text}\n\n${MARKS[1]}${after}`);
}

/** Where the figures come from. `steal` is the share of the CPU time that the hypervisor gave to others meanwhile. */
function origin(steal: number | null): string {
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  const lost = steal === null ? '' : ` (steal ${(steal * 100).toFixed(1)} %)`;
  const machine = `${cpus().length} × ${cpu?.model.trim()}, ${gib} GiB, Linux ${release()}${lost}`;
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
  return `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${machine}: \`${command}\`, median of ${rounds} (least to greatest).`;
}

function tableOf(figures: Figure[]): string {
  const lines = figures.map(({ what, unit, bench, peers = {}, goal }) => {
    const aim = goal ? goalText(goal, bench, peers, cpus().length) : '';
    const others = Object.entries(peers).map(([peer, all]) => `${peer}: ${shown(all, unit)}`);
    return `| ${what} | ${shown(bench, unit)} | ${others.join('; ')} | ${aim} |`;
  });
  return ['| figure | this bench | peers | goal |', '|-|-|-|-|', ...lines].join('\n');
}

function shown(values: number[], unit: string): string {
  const short = (value: number) => Number(value.toPrecision(3)).toLocaleString('en');
  const range = values.length > 1 ? ` (${short(Math.min(...values))} to ${short(Math.max(...values))})` : '';
  return `${short(median(values))}${unit && ` ${unit}`}${range}`;
}
