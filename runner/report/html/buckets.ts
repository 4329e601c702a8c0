/** A series of any length in as many steps as a chart or a table has room for. */
import type { ScenarioSummary } from '../../result/summary-schema.ts';

type Point = ScenarioSummary['series'][number];

export interface Bucket {
  /** First second. */
  start: number;
  seconds: number;
  sent: number;
  completed: number;
  failed: number;
  dropped: number;
  failedByKind: Record<string, number>;
  /** Of the worst second in it: percentiles of seconds cannot be averaged. Null where nothing ended. */
  p50: number | null;
  p99: number | null;
  max: number | null;
  sendLagP99: number | null;
  sendLagMax: number | null;
}

/** Seconds a bucket, so that `seconds` make at most `most` buckets; a length that people read. */
export function bucketSeconds(seconds: number, most: number): number {
  const lengths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
  return lengths.find((length) => seconds / length <= most) ?? Math.ceil(seconds / most);
}

/** Adds up counts and takes the worst second of times, over all the series given. */
export function buckets(series: Point[][], most: number): Bucket[] {
  const length = Math.max(0, ...series.map((points) => points.length));
  const seconds = bucketSeconds(length, most);
  const found = Array.from({ length: Math.ceil(length / seconds) }, (_, index) =>
    empty(index * seconds, seconds),
  );
  for (const points of series) {
    for (const point of points) {
      const bucket = found[Math.floor(point.second / seconds)];
      if (bucket !== undefined) add(bucket, point);
    }
  }
  return found;
}

function empty(start: number, seconds: number): Bucket {
  const counts = { sent: 0, completed: 0, failed: 0, dropped: 0, failedByKind: {} };
  return { start, seconds, ...counts, p50: null, p99: null, max: null, sendLagP99: null, sendLagMax: null };
}

function add(bucket: Bucket, point: Point): void {
  for (const count of ['sent', 'completed', 'failed', 'dropped'] as const) bucket[count] += point[count];
  for (const time of ['p50', 'p99', 'max', 'sendLagP99', 'sendLagMax'] as const) {
    bucket[time] = worst(bucket[time], point[time]);
  }
  // Summaries of before the series had kinds say only how many.
  const kinds = point.failedByKind ?? (point.failed > 0 ? { failed: point.failed } : {});
  for (const [kind, times] of Object.entries(kinds)) {
    bucket.failedByKind[kind] = (bucket.failedByKind[kind] ?? 0) + times;
  }
}

const worst = (one: number | null, other: number | null | undefined) =>
  other === null || other === undefined ? one : Math.max(one ?? other, other);
