/** A profile and those that it extends. */
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { UsageError } from '../errors.ts';
import { isObject } from './override.ts';

/** The text of one file, parsed, with the places of its parts. */
export interface Layer {
  file: string;
  raw: unknown;
  document: Document;
  lines: LineCounter;
}

/** Throws a UsageError with all errors of syntax. `file` is only what messages call it. */
export function parseLayer(text: string, file: string): Layer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw problemReport(
      file,
      document.errors.map((error) => `${at(file, lines, error.pos[0])} ${error.message}`),
    );
  }
  return { file, raw: document.toJS() as unknown, document, lines };
}

/** What the layers say together: maps are merged, all else is replaced; null takes a key away. First layer wins. */
export function mergeLayers(layers: Layer[]): unknown {
  return layers.map(({ raw }) => raw).reduceRight((base, change) => merge(base, change));
}

function merge(base: unknown, change: unknown): unknown {
  if (!isObject(base) || !isObject(change)) return change;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(change)])];
  const entries = keys
    .filter((key) => change[key] !== null)
    .map((key) => [key, key in change ? merge(base[key], change[key]) : base[key]]);
  return Object.fromEntries(entries);
}

/** `file:line:column` of a path: in the first layer that has all of it, else of its nearest part in the first. */
export function placeOf(layers: Layer[], path: PropertyKey[]): string {
  const having = layers.find(({ document }) => document.hasIn(path)) ?? layers[0];
  if (having === undefined) return '';
  return at(having.file, having.lines, offset(having.document, path));
}

export function problemReport(file: string, problems: string[]): UsageError {
  const [only] = problems;
  if (only !== undefined && problems.length === 1) return new UsageError(`the profile is wrong: ${only}`);
  const list = problems.map((line) => `  ${line}`).join('\n');
  return new UsageError(`the profile ${file} has ${problems.length} problems:\n${list}`);
}

/** Where in the text a path is, or the nearest ancestor that is there. */
function offset(document: Document, path: PropertyKey[]): number {
  let node: unknown = document.contents;
  let found = (node as Node | null)?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (!pair) break;
      found = (pair.key as Node).range?.[0] ?? found;
      node = pair.value;
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key];
      found = (node as Node | undefined)?.range?.[0] ?? found;
    } else break;
  }
  return found;
}

function at(file: string, lines: LineCounter, position: number): string {
  const { line, col } = lines.linePos(position);
  return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}
