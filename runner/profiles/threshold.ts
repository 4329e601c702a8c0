/** The language of thresholds: k6's metric selectors and expressions, as far as this bench measures them. */
import { TREND_METRICS, type TrendMetric } from '../engine/contract.ts';

const COUNTER_METRICS = ['iterations', 'dropped_iterations', 'unfinished'] as const;
const RATE_METRICS = ['error_rate', 'http_req_failed'] as const;
const TAGS = ['scenario', 'target_type'] as const;
const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const;

export type CounterMetric = (typeof COUNTER_METRICS)[number];
export type RateMetric = (typeof RATE_METRICS)[number];
export type Operator = (typeof OPERATORS)[number];

/** `{scenario:x}` or `{target_type:nginx}`. */
export interface Selector {
  tag: (typeof TAGS)[number];
  value: string;
}

/** What a threshold aggregates: values of a trend are milliseconds, of a rate 0 to 1. */
export type Measure =
  | {
      type: 'trend';
      metric: TrendMetric;
      aggregation: 'avg' | 'min' | 'max' | 'med' | { percentile: number };
    }
  | { type: 'counter'; metric: CounterMetric; aggregation: 'count' | 'rate' }
  | { type: 'rate'; metric: RateMetric; aggregation: 'rate' };

export interface Threshold {
  /** Undefined: over all scenarios. */
  selector: Selector | undefined;
  measure: Measure;
  operator: Operator;
  limit: number;
}

/** A threshold that cannot be read; the message says what is allowed. */
export class ThresholdSyntaxError extends Error {}

const find = <T extends string>(names: readonly T[], name: string | undefined) =>
  names.find((known) => known === name);

/** Reads `metric` or `metric{tag:value}`. Throws ThresholdSyntaxError. */
export function parseMetric(text: string): { metric: Measure['metric']; selector: Selector | undefined } {
  const match = /^(\w+)(?:\{\s*(\w+)\s*:\s*([\w-]+)\s*\})?$/.exec(text.trim());
  if (!match) {
    throw new ThresholdSyntaxError(
      'is not a metric or submetric such as response_time{scenario:list_certificates}',
    );
  }
  const [, name, tagName, value = ''] = match;
  const metric = find([...TREND_METRICS, ...COUNTER_METRICS, ...RATE_METRICS], name);
  if (!metric) {
    const known = [...RATE_METRICS, ...COUNTER_METRICS, ...TREND_METRICS].join(', ');
    throw new ThresholdSyntaxError(`unknown metric "${name}"; known: ${known}`);
  }
  if (tagName === undefined) return { metric, selector: undefined };
  const tag = find(TAGS, tagName);
  if (!tag) throw new ThresholdSyntaxError(`unknown tag "${tagName}"; known: ${TAGS.join(', ')}`);
  return { metric, selector: { tag, value } };
}

function measure(metric: Measure['metric'], name: string, percentile: string | undefined): Measure {
  const trend = find(TREND_METRICS, metric);
  if (trend) {
    if (percentile !== undefined) {
      if (Number(percentile) <= 100) {
        return { type: 'trend', metric: trend, aggregation: { percentile: Number(percentile) } };
      }
      throw new ThresholdSyntaxError(`percentile ${percentile} is not between 0 and 100`);
    }
    const aggregation = find(['avg', 'min', 'max', 'med'], name);
    if (aggregation) return { type: 'trend', metric: trend, aggregation };
    throw new ThresholdSyntaxError(`"${name}" does not fit a trend; allowed: p(N), avg, min, max, med`);
  }
  const counter = find(COUNTER_METRICS, metric);
  if (counter) {
    const aggregation = find(['count', 'rate'], name);
    if (aggregation) return { type: 'counter', metric: counter, aggregation };
    throw new ThresholdSyntaxError(`"${name}" does not fit a counter; allowed: count, rate (a second)`);
  }
  const rate = find(RATE_METRICS, metric);
  if (rate && name === 'rate') return { type: 'rate', metric: rate, aggregation: 'rate' };
  throw new ThresholdSyntaxError(`"${name}" does not fit a rate; allowed: rate (0 to 1)`);
}

/** Reads one expression of one metric of a profile's `thresholds`. Throws ThresholdSyntaxError. */
export function parseThreshold(metricText: string, expression: string): Threshold {
  const { metric, selector } = parseMetric(metricText);
  const match = /^(p\(\s*(\d+(?:\.\d+)?)\s*\)|[a-z]+)\s*([<>=!]+)\s*(-?\d+(?:\.\d+)?)$/.exec(
    expression.trim(),
  );
  const operator = find(OPERATORS, match?.[3]);
  if (!match || !operator) {
    throw new ThresholdSyntaxError(
      `"${expression}" is not an expression such as p(95)<2000; operators: ${OPERATORS.join(' ')}`,
    );
  }
  const [, name = '', percentile, , limit] = match;
  return { selector, measure: measure(metric, name, percentile), operator, limit: Number(limit) };
}
