/** How each herd drained: how many of its loops were served by when. */
import * as Plot from '@observablehq/plot';
import type { Summary } from '../../result/summary-schema.ts';
import { count } from '../format.ts';
import { loopScenariosOf } from '../loop-scenarios.ts';
import { figure, type Html } from './elements.ts';
import { INK, svg } from './svg.ts';

const TABLE_STEPS = 20;

/** A figure a herd of which something was served. */
export function herds(summary: Pick<Summary, 'deploy_loop'>): Html[] {
  return loopScenariosOf(summary).flatMap(([name, { drain }]) => {
    if (!drain?.curve?.length) return [];
    const { herd, served, curve } = drain;
    const every = Math.ceil(curve.length / TABLE_STEPS);
    const said = `${count(served)} of ${count(herd)} were served`;
    return figure({
      title: `${name}: served of the herd`,
      svg: svg({
        label: `${name}: how many loops of the herd were served by when, in seconds from its start. ${said}.`,
        x: { label: 's', labelArrow: 'none', ticks: 5, zero: true } as Plot.ScaleOptions,
        y: { domain: [0, herd], grid: true, label: null, ticks: 5 },
        marks: [
          Plot.lineY([{ at_s: 0, served: 0 }, ...curve], {
            ...{ x: 'at_s', y: 'served', curve: 'step-after' },
            ...{ stroke: INK.response, strokeWidth: 1.5 },
          }),
        ],
      }),
      note: `${said}.`,
      table: {
        caption: `${name}: served of the herd by when`,
        head: ['after, s', 'served'],
        rows: curve
          .filter((_, index) => index % every === 0 || index === curve.length - 1)
          .map(({ at_s, served: by }) => [at_s.toFixed(2), count(by)]),
      },
    });
  });
}
