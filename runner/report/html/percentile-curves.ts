/** Percentile curves of response and service time, one chart a scenario. */
import * as Plot from '@observablehq/plot';
import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { parseThreshold } from '../../profiles/threshold.ts';
import { CONFIDENCE, highestClaimable } from '../../result/confidence.ts';
import type { ScenarioSummary, Summary } from '../../result/summary-schema.ts';
import { ms } from '../format.ts';
import { msAxis, percentileAxis } from './axes.ts';
import { type Figure, figure, grid, type Html, section } from './elements.ts';
import { INK, svg } from './svg.ts';

interface Point {
  /** 1 / (1 - p): 100 for p99. */
  x: number;
  ms: number;
}

export function percentileCurves(summary: Summary): Html {
  const scenarios = Object.entries(summary.scenarios).filter(([, one]) => one.response_time.samples > 0);
  return section({
    id: 'percentiles',
    title: 'Response and service time',
    lead:
      'Each step to the right is one more nine. Response time counts from the intended start of the plan and is what is ' +
      'judged; service time counts from the actual send. Where the curves part, arrivals waited before they were sent.',
    body: [grid(scenarios.map(([name, one]) => figure(curves(name, one, limits(summary, name, one)))))],
  });
}

function curves(
  name: string,
  { response_time, service_time, histograms }: ScenarioSummary,
  limits: Point[],
): Figure {
  const n = response_time.samples;
  const response = curve(decodeFromCompressedBase64(histograms.response_time));
  const service = curve(decodeFromCompressedBase64(histograms.service_time));
  const claimable = 100 / (100 - highestClaimable(n));
  const all = [...response, ...service, ...limits];
  const axis = { x: percentileAxis(n), y: msAxis(all.map((point) => point.ms)) };
  const at = { x: 'x', y: 'ms' } as const;
  return {
    title: name,
    svg: svg({
      label: `${name}: percentile curves. Response time p50 ${ms(response_time.p50)}, p99 ${ms(response_time.p99)}, maximum ${ms(response_time.max)} ms.`,
      ...axis,
      marks: [
        Plot.rectX([{ x1: claimable, x2: Math.max(10, n) }], {
          x1: 'x1',
          x2: 'x2',
          fill: INK.text,
          fillOpacity: 0.14,
        }),
        Plot.lineY(service, { ...at, stroke: INK.service, strokeWidth: 1.75, strokeDasharray: '5 3' }),
        Plot.lineY(response, { ...at, stroke: INK.response, strokeWidth: 2.25 }),
        Plot.dot(limits, { ...at, symbol: 'triangle2', r: 5, fill: INK.limit }),
      ],
    }),
    key: [
      ['response time', INK.response],
      ['service time', INK.service],
      ...(limits.length > 0 ? [['limit', INK.limit] as [string, string]] : []),
    ],
    note: `${n.toLocaleString('en-US')} samples. Shaded: beyond p${floor(highestClaimable(n))}, of which so many samples say nothing at ${CONFIDENCE * 100} % confidence.`,
    table: {
      caption: `${name}: percentiles in ms`,
      head: ['percentile', 'response time', 'service time'],
      rows: (['min', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const).map((key) => [
        key === 'p999' ? 'p99.9' : key,
        ms(response_time[key]),
        ms(service_time[key]),
      ]),
    },
  };
}

/** From the smallest sample to the greatest, twelve points a nine. */
function curve(histogram: Histogram): Point[] {
  const n = histogram.totalCount;
  const steps = Math.ceil(Math.log10(n) * 12);
  return Array.from({ length: steps + 1 }, (_, index) => {
    const x = Math.min(n, 10 ** (index / 12));
    // The logarithm has no zero; a microsecond is what the histogram resolves.
    return { x, ms: Math.max(1, histogram.getValueAtPercentile(100 * (1 - 1 / x))) / 1000 };
  });
}

/** Thresholds on percentiles of this scenario's response time. */
function limits({ thresholds }: Summary, name: string, { target_type }: ScenarioSummary): Point[] {
  return thresholds.flatMap(({ metric, expression, limit }) => {
    const { selector, measure } = parseThreshold(metric, expression);
    const value = selector?.tag === 'scenario' ? name : target_type;
    if (measure.metric !== 'response_time' || measure.type !== 'trend') return [];
    if (typeof measure.aggregation !== 'object' || (selector !== undefined && selector.value !== value))
      return [];
    return [{ x: 100 / (100 - measure.aggregation.percentile), ms: limit }];
  });
}

/** To two digits behind the point, downwards: a claim is never rounded up. */
const floor = (percent: number) => Math.floor(percent * 100) / 100;
