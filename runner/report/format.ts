/** How figures look in the text reports. A figure that is not there is a dash, never a zero. */

import type pc from 'picocolors';

/** Columns that every text report keeps to. */
export const WIDTH = 100;

/** Styles that do nothing where colours are off. */
export type Colors = ReturnType<typeof pc.createColors>;

const MISSING = '–';

const twoDecimals = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const integer = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Milliseconds without the unit, to 10 microseconds: `1,832.10`. */
export function ms(value: number | null): string {
  return value === null ? MISSING : twoDecimals.format(value);
}

export function count(value: number | null): string {
  return value === null ? MISSING : integer.format(value);
}

/** A share of 0 to 1 as `0.34 %`; what is not zero never looks like zero. */
export function percent(ratio: number | null): string {
  if (ratio === null) return MISSING;
  return ratio > 0 && ratio < 0.0001 ? '<0.01 %' : `${twoDecimals.format(ratio * 100)} %`;
}

/** Cuts what does not fit and shows that it did; control characters would break the table and become spaces. */
export function clip(text: string, width: number): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

/** Breaks text at spaces into lines of at most `width` characters; a longer word keeps a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
