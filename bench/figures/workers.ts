/**
 * What a second worker adds: the greatest rate at which each kind of load keeps its pace, with one and with two, in
 * turns. Only with four cores or more is each worker alone on one: nginx needs its own.
 */
import { findCeiling, type Kind, probe } from '../../runner/selftest/ceiling.ts';
import type { Nginx } from '../peers/nginx.ts';
import type { Figure } from './figure.ts';

const LOADS: { what: string; kind: Kind; first: number; highest: number }[] = [
  { what: 'requests on kept connections', kind: 'list_certificates', first: 2000, highest: 64_000 },
  { what: 'full handshakes', kind: 'nginx_handshake', first: 200, highest: 6400 },
];

export async function workersFigures({ endpoints }: Nginx, rounds: number): Promise<Figure[]> {
  const greatest = async ({ kind, first, highest }: (typeof LOADS)[number], workers: number) => {
    const one = (rate: number) => probe(kind, rate, endpoints, workers);
    const { best } = await findCeiling(one, first, highest);
    return best?.rate ?? 0;
  };
  const figures: Figure[] = [];
  for (const load of LOADS) {
    const [alone, together]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      alone.push(await greatest(load, 1));
      together.push(await greatest(load, 2));
    }
    const gain = together.map((rate, round) => rate / (alone[round] ?? Number.NaN));
    figures.push(
      { what: `greatest rate of ${load.what}, one worker`, unit: '/s', bench: alone },
      { what: 'the same, two workers', unit: '/s', bench: together },
      { what: 'gain', unit: '', bench: gain, goal: { atLeast: 1.7, cores: 4 } },
    );
  }
  return figures;
}
