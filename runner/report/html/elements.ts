/** The few shapes that the page is made of. */
import { html, raw } from 'hono/html';

export type Html = ReturnType<typeof html> | string;

export interface Table {
  caption: string;
  /** Shown to screen readers only where the heading above says the same. */
  hideCaption?: boolean;
  head: string[];
  rows: Html[][];
  /** A letter a column, l or r; the last one is for the rest. */
  aligns?: string;
}

/** The first column names its row. Wide tables scroll by themselves, also with the keyboard. */
export function table({ caption, hideCaption = true, head, rows, aligns = 'lr' }: Table): Html {
  const side = (column: number) => ((aligns[column] ?? aligns.at(-1)) === 'r' ? 'r' : 'l');
  const cell = (content: Html, column: number) =>
    column === 0
      ? html`<th scope="row" class="${side(column)}">${content}</th>`
      : html`<td class="${side(column)}">${content}</td>`;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption class="${hideCaption ? 'hidden' : ''}">${caption}</caption>
<thead><tr>${head.map((name, column) => html`<th scope="col" class="${side(column)}">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table></div>`;
}

export interface Figure {
  title: string;
  /** Markup of a chart. */
  svg: string;
  key?: [name: string, color: string][];
  note?: Html | undefined;
  /** The same as figures, for who does not see the chart. */
  table: Table;
}

export function figure({ title, svg, key = [], note, table: figures }: Figure): Html {
  return html`<figure>
<figcaption>${title}</figcaption>
${key.length > 0 ? html`<ul class="key" aria-hidden="true">${key.map(([name, color]) => html`<li><i style="background:${color}"></i>${name}</li>`)}</ul>` : ''}
${raw(svg)}
${note ? html`<p class="note">${note}</p>` : ''}
<details><summary>${title} as a table</summary>${table(figures)}</details>
</figure>`;
}

export interface Section {
  /** Anchor of the page. */
  id: string;
  title: string;
  /** What the reader is looking at, in a sentence or two. */
  lead?: Html;
  body: Html[];
}

export function section({ id, title, lead, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${lead ? html`<p class="lead">${lead}</p>` : ''}
${body}
</section>`;
}

export const grid = (figures: Html[]): Html => html`<div class="grid">${figures}</div>`;

/** Terms and what they are. */
export function facts(entries: [term: string, value: Html][]): Html {
  return html`<dl class="facts">${entries.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}
