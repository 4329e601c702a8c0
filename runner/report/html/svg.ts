/**
 * Charts as SVG text. Observable Plot draws into any document and leaves colours and fonts to CSS, so that one drawing
 * serves light, dark and paper; linkedom is the document.
 */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Colours are variables of the page's style sheet. */
export const INK = {
  response: 'var(--series-1)',
  service: 'var(--series-2)',
  limit: 'var(--bad)',
  grid: 'var(--grid)',
  text: 'var(--muted)',
} as const;

export const SERIES = [1, 2, 3, 4, 5, 6].map((index) => `var(--series-${index})`);

export interface Chart {
  /** What a screen reader says of the drawing as a whole. */
  label: string;
  height?: number;
  marginLeft?: number;
  x?: Plot.ScaleOptions;
  y?: Plot.ScaleOptions;
  color?: Plot.ScaleOptions;
  marks: Plot.Markish[];
}

/** Drawn for a column of a phone's width; wider screens show several beside each other. */
const WIDTH = 340;

export function svg({ label, height = 210, marginLeft = 52, ...options }: Chart): string {
  const drawn = Plot.plot({
    document,
    width: WIDTH,
    height,
    marginLeft,
    marginTop: 16,
    marginRight: 14,
    marginBottom: 28,
    style: { fontSize: '11px' },
    ariaLabel: label,
    ...options,
  } as Plot.PlotOptions);
  drawn.setAttribute('role', 'img');
  drawn.removeAttribute('width');
  drawn.removeAttribute('height');
  // It is one picture with one name; its parts have none.
  for (const part of drawn.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  // Plot's own rules for a page of its own; this page has a style sheet.
  for (const style of drawn.querySelectorAll('style')) style.remove();
  return shortened(drawn.outerHTML);
}

/** Coordinates to a tenth of a pixel: half the size, and no eye sees it. What is read aloud or shown stays. */
const shortened = (text: string) =>
  text.replace(/ (?!aria-label)[\w-]+="[^"]*"/g, (attribute) =>
    attribute.replace(/\d+\.\d{2,}/g, (number) => `${Number(Number(number).toFixed(1))}`),
  );
