/** Axes that read the same in every chart. */
import type { ScaleOptions } from '@observablehq/plot';
import { bucketSeconds } from './buckets.ts';

/** `1:05` for 65 s, `1:00:00` for an hour. */
export function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0/, '');
}

/** Seconds of the run. */
export function timeAxis(seconds: number): ScaleOptions {
  const step = bucketSeconds(seconds, 6);
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
  return {
    domain: [0, seconds],
    ticks,
    tickFormat: clock,
    label: null,
  } as ScaleOptions;
}

/** Milliseconds on a logarithmic scale over the values given, widened to whole steps. */
export function msAxis(values: number[]): ScaleOptions {
  const positive = values.filter((value) => value > 0);
  const low = Math.min(...positive, 1);
  const high = Math.max(...positive, 10);
  const domain = [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))] as const;
  const decades = Math.round(Math.log10(domain[1] / domain[0]));
  const ticks = Array.from({ length: decades + 1 }, (_, index) => domain[0] * 10 ** index);
  return {
    type: 'log',
    domain,
    ticks,
    tickFormat: shortMs,
    grid: true,
    label: null,
  } as ScaleOptions;
}

/** `0.1 ms`, `10 ms`, `1 s`. */
export function shortMs(value: number): string {
  return value >= 1000 ? `${value / 1000} s` : `${Number(value.toPrecision(1))} ms`;
}

/** Percentiles as HdrHistogram's plots have them: each nine as wide as the one before. */
export function percentileAxis(samples: number): ScaleOptions {
  const ticks = [2, 10, 100, 1000, 10_000, 100_000, 1_000_000].filter((tick) => tick <= samples);
  return {
    type: 'log',
    domain: [1, Math.max(10, samples)],
    ticks,
    tickFormat: (value: number) => `p${Number((100 - 100 / value).toFixed(4))}`,
    label: null,
  } as ScaleOptions;
}
