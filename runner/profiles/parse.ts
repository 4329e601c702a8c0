/** From the text of a YAML file to a checked profile, or to every problem it has, each with its place. */
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { CLOSED_EXECUTORS, OPEN_EXECUTORS } from '../plan/executor.ts';
import { herdProblems, httpProblems, kindProblems, type Problem, thresholdProblems } from './check.ts';
import { commonFields } from './executors.ts';
import { type Layer, mergeLayers, parseLayer, placeOf, problemReport } from './layers.ts';
import { loopProblems } from './loop.ts';
import { type Outline, outline } from './outline.ts';
import { applyOverrides, isObject, type Override } from './override.ts';
import { type Profile, profileSchema } from './profile.ts';

/**
 * Parses the text of a profile that extends no other; `file` is only what messages call it.
 * Throws one UsageError with all problems.
 */
export function parseProfile(text: string, file: string): Profile {
  const layer = parseLayer(text, file);
  if (isObject(layer.raw) && layer.raw.extends !== undefined) {
    throw new UsageError(`${placeOf([layer], ['extends'])} extends: only a file can extend another profile`);
  }
  return checkProfile([layer], []);
}

/**
 * The profile that the layers make together, of which the first is its own file, with the overrides.
 * Throws one UsageError with all problems, each with its place.
 */
export function checkProfile(layers: Layer[], overrides: Override[]): Profile {
  const { raw, places } = applyOverrides(withoutExtends(mergeLayers(layers)), overrides);
  const parsed = profileSchema.safeParse(raw);
  const problems = parsed.success
    ? crossProblems(parsed.data)
    : withCross(
        parsed.error.issues.flatMap((issue) => schemaProblems(issue, raw)),
        outline.parse(raw),
      );
  // A name that was inherited would pass for the profile that it is of.
  const own = layers[0]?.raw;
  if (layers.length > 1 && isObject(own) && own.name === undefined) {
    problems.push({
      path: [],
      message: 'name: is missing; a profile that extends another has a name of its own',
    });
  }
  if (!parsed.success || problems.length > 0) {
    throw problemReport(
      layers[0]?.file ?? '',
      problems.map(({ path, message }) => {
        const override = places.findLast((one) => one.path.every((key, index) => key === path[index]));
        const place = override ? `${override.source}:` : placeOf(layers, path);
        return path.length > 0 ? `${place} ${path.map(String).join('.')}: ${message}` : `${place} ${message}`;
      }),
    );
  }
  return withDefaultThreshold(parsed.data);
}

/** What parts of a profile say of each other. */
function crossProblems(profile: Outline): Problem[] {
  return [
    ...kindProblems(profile),
    ...httpProblems(profile),
    ...herdProblems(profile),
    ...loopProblems(profile),
    ...thresholdProblems(profile),
  ];
}

/** A scenario whose own place or `exec` the schema refuses has no kind because of that. */
function withCross(problems: Problem[], profile: Outline): Problem[] {
  const refused = new Set(
    problems
      .filter(({ path }) => path.length === 2 || path[2] === 'exec')
      .map(({ path: [root, name] }) => `${String(root)}.${String(name)}`),
  );
  const others = crossProblems(profile).filter(
    ({ path }) => path.length !== 2 || !refused.has(path.join('.')),
  );
  return [...problems, ...others];
}

function withoutExtends(raw: unknown): unknown {
  if (!isObject(raw)) return raw;
  const { extends: _, ...rest } = raw;
  return rest;
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
  if (issue.code === 'invalid_union') {
    // Of the forms that it can have, the one that it was meant to be: what is wrong is within it.
    const meant = issue.errors.find((issues) => issues.every(isWithin));
    if (meant)
      return meant.flatMap((one) => schemaProblems({ ...one, path: [...issue.path, ...one.path] }, raw));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ path: issue.path, message }));
  }
  const message = issue.message.replace(/^Invalid \w+: /, '').replace(', received undefined', '');
  const missing = valueAt(raw, issue.path) === undefined;
  return [{ path: issue.path, message: missing ? `is missing; ${message}` : message }];
}

const isWithin = ({ code, path }: z.core.$ZodIssue) => path.length > 0 || code === 'unrecognized_keys';

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
