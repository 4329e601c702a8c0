/** From the text of a YAML file to a checked profile, or to every problem it has, each with its place. */
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { CLOSED_EXECUTORS, OPEN_EXECUTORS } from '../plan/executor.ts';
import { kindProblems, type Problem, thresholdProblems } from './check.ts';
import { commonFields } from './executors.ts';
import { type Profile, profileSchema } from './profile.ts';

/** What can still be read of a profile that the schema refuses, so that its thresholds are checked as well. */
const outline = z
  .object({
    scenarios: z
      .record(z.string(), z.object({ exec: commonFields.exec.catch(undefined) }).catch({}))
      .catch({}),
    thresholds: z.record(z.string(), z.array(z.string()).catch([])).catch({}),
  })
  .catch({ scenarios: {}, thresholds: {} });

/** Parses the text of a profile; `file` is only what messages call it. Throws one UsageError with all problems. */
export function parseProfile(text: string, file: string): Profile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw report(
      file,
      document.errors.map((error) => `${at(file, lines, error.pos[0])} ${error.message}`),
    );
  }
  const raw: unknown = document.toJS();
  const parsed = profileSchema.safeParse(raw);
  const problems = parsed.success
    ? [...kindProblems(parsed.data), ...thresholdProblems(parsed.data)]
    : [
        ...parsed.error.issues.flatMap((issue) => schemaProblems(issue, raw)),
        ...thresholdProblems(outline.parse(raw)),
      ];
  if (!parsed.success || problems.length > 0) {
    throw report(
      file,
      problems.map(({ path, message }) => {
        const place = at(file, lines, offset(document, path));
        return path.length > 0 ? `${place} ${path.map(String).join('.')}: ${message}` : `${place} ${message}`;
      }),
    );
  }
  return withDefaultThreshold(parsed.data);
}

/** An arrival that was never sent is in no latency: no profile passes over it without saying so. */
function withDefaultThreshold(profile: Profile): Profile {
  const named = Object.keys(profile.thresholds).some((metric) => /^\s*dropped_iterations\b/.test(metric));
  if (named) return profile;
  return { ...profile, thresholds: { ...profile.thresholds, dropped_iterations: ['count==0'] } };
}

function schemaProblems(issue: z.core.$ZodIssue, raw: unknown): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: issue.message }));
  }
  if (issue.code === 'invalid_union' && 'discriminator' in issue) return unknownExecutor(issue.path, raw);
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ path: issue.path, message }));
  }
  const message = issue.message.replace(/^Invalid \w+: /, '').replace(', received undefined', '');
  const missing = valueAt(raw, issue.path) === undefined;
  return [{ path: issue.path, message: missing ? `is missing; ${message}` : message }];
}

/** Which fields there are depends on the executor; those that all have are checked where it is none. */
function unknownExecutor(executorPath: PropertyKey[], raw: unknown): Problem[] {
  const path = executorPath.slice(0, -1);
  const config = valueAt(raw, path);
  const executor = valueAt(config, ['executor']);
  const missing = executor === undefined ? 'is missing; ' : '';
  const message = `${missing}must be one of ${[...OPEN_EXECUTORS, ...CLOSED_EXECUTORS].join(', ')}`;
  const others = z.object(commonFields).safeParse(config).error?.issues ?? [];
  return [
    { path: executorPath, message },
    ...others.flatMap((issue) => schemaProblems({ ...issue, path: [...path, ...issue.path] }, raw)),
  ];
}

function valueAt(raw: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    raw,
  );
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

function report(file: string, problems: string[]): UsageError {
  const [only] = problems;
  if (only !== undefined && problems.length === 1) return new UsageError(`the profile is wrong: ${only}`);
  const list = problems.map((line) => `  ${line}`).join('\n');
  return new UsageError(`the profile ${file} has ${problems.length} problems:\n${list}`);
}
