/** Tables without borders: they read well in a terminal, in a log and in a mail. */
import Table from 'cli-table3';

const NO_BORDERS = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((name) => [name, '']),
);

/** Lines of a table, indented by two; `aligns` has a letter a column, l or r, and its last one is for the rest. */
export function table(rows: string[][], aligns = 'lr'): string[] {
  const table = new Table({
    chars: NO_BORDERS,
    style: { 'padding-left': 2, 'padding-right': 0, head: [], border: [] },
    colAligns: (rows[0] ?? []).map((_, column) =>
      (aligns[column] ?? aligns.at(-1)) === 'l' ? 'left' : 'right',
    ),
  });
  table.push(...rows);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
