import { Command } from 'commander';
import { coloursFor } from '../colours.ts';
import { table } from '../report/table.ts';
import type { Ceiling } from '../selftest/ceiling.ts';
import type { PathFinding } from '../selftest/path-cost.ts';
import type { SelfTest } from '../selftest/selftest.ts';
import { jsonOption, say } from './options.ts';

/** `bench selftest` */
export function selftestCommand(): Command {
  return new Command('selftest')
    .description(
      'what the generator can do on this machine, against a target that does nothing: rates, CPU, timers, the way to a container; takes up to a minute',
    )
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  $ bench selftest')
    .action(async ({ json }: { json?: boolean }) => {
      const { selfTest } = await import('../selftest/selftest.ts');
      const found = await selfTest(say);
      console.log(
        json ? JSON.stringify(found, null, 2) : renderSelfTest(found, coloursFor(process.stdout)).join('\n'),
      );
    });
}

/** Aligned tables, each below its title. */
export function renderSelfTest(
  { timers: { sleep, spin }, api, handshake, path }: SelfTest,
  { bold }: ReturnType<typeof coloursFor>,
): string[] {
  const ms = (value: number) => `${value.toFixed(value < 10 ? 3 : 1)} ms`;
  return [
    bold('Greatest rate with the generator in bounds (this machine runs the null target too)'),
    ...table([
      ['', 'rate', 'send lag p50', 'p99', 'CPU each', 'what came next'],
      ceilingRow('requests, kept connections', api),
      ceilingRow('full handshakes', handshake),
    ]),
    '',
    bold('Timers: what no code on this machine can be better than'),
    ...table([
      [
        'a sleep of 1 ms is late by',
        `p50 ${ms(sleep.p50Ms)}`,
        `p99 ${ms(sleep.p99Ms)}`,
        `max ${ms(sleep.maxMs)}`,
      ],
      [
        'a loop that never sleeps misses',
        `${(spin.missing * 100).toFixed(2)} %`,
        '',
        `max ${ms(spin.maxMs)}`,
      ],
    ]),
    '',
    bold('The way to a container'),
    `  ${pathSentence(path)}`,
  ];
}

function ceilingRow(what: string, { best, failed }: Ceiling): string[] {
  const next = failed === undefined ? 'not tried' : `${failed.rate}/s: ${failed.limit}`;
  if (best === undefined) return [what, 'none', '', '', '', next];
  const ms = (value: number) => `${value.toFixed(3)} ms`;
  const { rate, sendLagP50Ms, sendLagP99Ms, cpuUs } = best;
  return [what, `${rate}/s`, ms(sendLagP50Ms), ms(sendLagP99Ms), `${Math.round(cpuUs)} us`, next];
}

function pathSentence(path: PathFinding): string {
  if ('notMeasured' in path) return `not measured: ${path.notMeasured}`;
  const { publishedUs, directUs } = path;
  const through = path.path === 'docker-proxy' ? 'passes through docker-proxy' : 'is forwarded by the kernel';
  const more = publishedUs - directUs;
  return `The published port ${through}: a request takes ${publishedUs} us, ${directUs} us straight to the container (${more >= 0 ? '+' : ''}${more} us).`;
}
