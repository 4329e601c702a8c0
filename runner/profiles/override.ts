/** Fields of a profile that are set from outside of its file: by flags and by the environment. */
import { parse } from 'yaml';
import { UsageError } from '../errors.ts';
import { SCENARIO_FIELDS } from './executors.ts';

/** One field, and where its value comes from. */
export interface Override {
  /** Keys from the root of the profile; `*` stands for every scenario. */
  path: string[];
  value: unknown;
  /** As the person wrote it, for messages and for the summary: `--set scenarios.x.rate=5`. */
  source: string;
}

/**
 * `scenarios.list_certificates.rate=100`; the value is YAML, so that lists can be set too. `from` is what messages
 * call it. Throws a UsageError.
 */
export function parseOverride(text: string, from: string): Override {
  const [, path = '', value = ''] = /^\s*([^=]*?)\s*=(.*)$/s.exec(text) ?? [];
  const source = `${from} ${text.trim()}`;
  const keys = path.split('.');
  if (keys.some((key) => key === '')) {
    throw new UsageError(`${source}: must be path=value, such as scenarios.list_certificates.rate=100`);
  }
  try {
    return { path: keys, value: parse(value), source };
  } catch (cause) {
    throw new UsageError(`${source}: the value is no YAML`, { cause });
  }
}

const PREFIX = 'BENCH_SCENARIOS_';

/**
 * What the environment sets: BENCH_SET has overrides as `--set` takes them, one a line or separated by `;`. And, in
 * the way of k6's variables, BENCH_SCENARIOS_<scenario>_<field>, in capitals: BENCH_SCENARIOS_NGINX_HANDSHAKE_MAX_VUS.
 * Throws a UsageError for a variable that means nothing.
 */
export function environmentOverrides(env: NodeJS.ProcessEnv, scenarios: string[]): Override[] {
  const listed = (env.BENCH_SET ?? '')
    .split(/[;\n]/)
    .filter((text) => text.trim() !== '')
    .map((text) => parseOverride(text, 'BENCH_SET'));
  const named = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(PREFIX) && value !== undefined ? [variable(name, value, scenarios)] : [],
  );
  return [...listed, ...named];
}

function variable(name: string, value: string, scenarios: string[]): Override {
  const rest = name.slice(PREFIX.length);
  for (const scenario of scenarios) {
    const field = SCENARIO_FIELDS.find((one) => `${scenario.toUpperCase()}_${capitals(one)}` === rest);
    if (field === undefined) continue;
    return { path: ['scenarios', scenario, field], value: parse(value), source: `${name}=${value}` };
  }
  const fields = SCENARIO_FIELDS.map(capitals).join(', ');
  throw new UsageError(
    `${name}: must be ${PREFIX}<scenario>_<field>, with a scenario of ${scenarios.join(', ')} and a field of ${fields}`,
  );
}

/** `maxVUs` → `MAX_VUS` */
function capitals(field: string): string {
  return field.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}

/** The raw profile with the fields set, in order; and for each override the paths that it has set. */
export function applyOverrides(raw: unknown, overrides: Override[]): { raw: unknown; places: Override[] } {
  const copy: unknown = structuredClone(raw);
  const places = overrides.flatMap((override) =>
    expand(copy, override.path).map((path) => ({ ...override, path })),
  );
  for (const { path, value } of places) set(copy, path, value);
  return { raw: copy, places };
}

function expand(raw: unknown, path: string[]): string[][] {
  const [first, second, ...rest] = path;
  if (first !== 'scenarios' || second !== '*') return [path];
  const { scenarios } = raw as { scenarios?: unknown };
  return isObject(scenarios) ? Object.keys(scenarios).map((name) => ['scenarios', name, ...rest]) : [];
}

function set(raw: unknown, path: string[], value: unknown): void {
  let node = raw;
  for (const key of path.slice(0, -1)) {
    if (!isObject(node)) return;
    if (!isObject(node[key]) && !Array.isArray(node[key])) node[key] = {};
    node = node[key];
  }
  const last = path.at(-1);
  if (last !== undefined && typeof node === 'object' && node !== null) Reflect.set(node, last, value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
