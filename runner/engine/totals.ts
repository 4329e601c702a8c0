/** What a scenario's figures are so far, and those of its workers added up. */
import type { ScenarioResult } from './contract.ts';
import { noCounts } from './fates.ts';
import { noneNegotiated } from './negotiated.ts';

const MAX_SAMPLES = 10;

export type Totals = Pick<
  ScenarioResult,
  'counts' | 'statuses' | 'negotiated' | 'dataSent' | 'dataReceived' | 'errorSamples'
>;

export function noTotals(): Totals {
  return {
    counts: noCounts(),
    statuses: {},
    negotiated: noneNegotiated(),
    dataSent: 0,
    dataReceived: 0,
    errorSamples: [],
  };
}

/** Every number is the sum of those of the parts; of the samples the first ten that differ. */
export function sumOf(parts: Totals[]): Totals {
  const { errorSamples, ...sum } = noTotals();
  for (const { errorSamples: samples, ...part } of parts) {
    addNumbers(sum, part);
    for (const sample of samples) addSample(errorSamples, sample);
  }
  return { ...sum, errorSamples };
}

/** Keeps the first of each message, up to ten: ten thousand timeouts shall not hide the one reset. */
export function addSample(
  samples: Totals['errorSamples'],
  { kind, message }: Totals['errorSamples'][number],
): void {
  const isKnown = samples.some((sample) => sample.kind === kind && sample.message === message);
  if (!isKnown && samples.length < MAX_SAMPLES) samples.push({ kind, message });
}

/** Of objects that hold numbers, and such objects. */
function addNumbers(sum: object, part: object): void {
  for (const [key, value] of Object.entries(part)) {
    const before = Reflect.get(sum, key);
    if (typeof value === 'number') Reflect.set(sum, key, (before ?? 0) + value);
    else if (before === undefined) Reflect.set(sum, key, { ...value });
    else addNumbers(before, value);
  }
}
