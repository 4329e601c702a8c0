/** The raw histograms of a run as files, so that every figure can be checked. */
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { type RunResult, TREND_METRICS } from '../engine/contract.ts';

export interface HistogramFile {
  name: string;
  content: string;
}

const README = `Each .hdr file is one HdrHistogram of one scenario and metric: V2, compressed, base64; values in microseconds.
Any HdrHistogram library reads them; in JavaScript (npm hdr-histogram-js):
  hdr.decodeFromCompressedBase64(fs.readFileSync(file, 'utf8')).getValueAtPercentile(99) / 1000  // ms
`;

/** One file a scenario and trend, and a README that says how to read them. */
export function histogramFiles(result: RunResult): HistogramFile[] {
  const files = Object.values(result.scenarios).flatMap(({ name, trends }) =>
    TREND_METRICS.map((metric) => ({
      name: `${name}.${metric}.hdr`,
      content: `${encodeIntoCompressedBase64(trends[metric])}\n`,
    })),
  );
  return [{ name: 'README.txt', content: README }, ...files];
}
