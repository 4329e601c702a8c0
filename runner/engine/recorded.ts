/** What a histogram holds, as the threads of a run tell it to each other. */
import type { Histogram, JsHistogram } from 'hdr-histogram-js';

/**
 * Each value that was recorded (the lower end of its bucket), followed by how often; lossless. HDR's own encoding is for
 * files: it compresses, and its decoder makes a histogram of 90 KB each time, many a second.
 */
export type Recorded = Uint32Array;

export function recordedOf(histogram: JsHistogram): Recorded {
  const values: number[] = [];
  const last = histogram.totalCount === 0 ? -1 : histogram.countsArrayIndex(histogram.maxValue);
  for (let index = 0; index <= last; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count > 0) values.push(histogram.valueFromIndex(index), count);
  }
  return Uint32Array.from(values);
}

/** Adds it to a histogram of the same number of digits. */
export function addRecorded(sum: Histogram, recorded: Recorded): void {
  for (let at = 0; at < recorded.length; at += 2) {
    sum.recordValueWithCount(recorded[at] as number, recorded[at + 1] as number);
  }
}
