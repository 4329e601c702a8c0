/** JSON that keeps histograms: each as HDR V2, compressed, base64, which is lossless. */
import { decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

/** A key that nothing else has. */
const HISTOGRAM = '$hdr';

const isHistogram = (value: unknown): value is Histogram =>
  typeof value === 'object' && value !== null && 'getValueAtPercentile' in value;

export function stringify(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, plain) {
    // A histogram has a toJSON, which has run already: here is the histogram itself.
    const original = this[key];
    return isHistogram(original) ? { [HISTOGRAM]: encodeIntoCompressedBase64(original) } : plain;
  });
}

export function parse<T>(text: string): T {
  return JSON.parse(text, (_, value) =>
    typeof value?.[HISTOGRAM] === 'string' ? decodeFromCompressedBase64(value[HISTOGRAM], 32) : value,
  );
}
