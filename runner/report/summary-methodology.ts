/** The methodology line: what a reader needs in order to believe the figures or to repeat them. */
import { CLOSED_NOTE, isClosed } from '../plan/executor.ts';
import { describeExecutor, describeLoad } from '../profiles/describe.ts';
import { profileSchema } from '../profiles/profile.ts';
import type { Summary } from '../result/summary-schema.ts';
import { WIDTH, wrap } from './format.ts';
import { generatorWords } from './generator-words.ts';
import { settingsTexts } from './summary-settings.ts';
import { tiersOf } from './tiers.ts';

const LABEL = 12;

export function methodology(summary: Summary): string[] {
  const { run, subject, environment } = summary;
  const { host } = run;
  const entries: [string, string][] = [
    [
      'hardware',
      `${host.cpuModel ?? 'unknown CPU'} × ${host.cpus}, ${(host.memoryBytes / 2 ** 30).toFixed(1)} GiB, ` +
        `${host.platform} ${host.kernel} ${host.arch}; ${generatorWords(environment)}`,
    ],
    [
      'software',
      Object.entries(run.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    [
      'subject',
      `${subject.kind} ${subject.version}, Postgres ${environment.postgres.version ?? 'not known'}`,
    ],
    ...images(environment.images),
    ...settings(environment.settings),
    ...load(summary).map((text, index): [string, string] => [index === 0 ? 'load' : '', text]),
    ...(summary.profile.overrides ?? []).map((one): [string, string] => ['set', one]),
    ['access', access(summary)],
    ['judged', 'response time from the intended start, failures and timeouts included'],
    ['command', run.command.join(' ')],
  ];
  return entries.flatMap(([label, text]) =>
    wrap(text, WIDTH - LABEL - 2).map(
      (line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL)}${line}`,
    ),
  );
}

function access(summary: Summary): string {
  const { environment } = summary;
  const { api, handshakes, loops } = tiersOf(summary);
  // A stack's own certificates have always been verified.
  const isVerified = environment.insecure === undefined ? environment.stack !== null : !environment.insecure;
  return [
    api.length + loops.length > 0 && 'bearer API key',
    isVerified && 'TLS verified',
    environment.insecure && 'TLS not verified (--insecure)',
    handshakes.length > 0 && 'every handshake scenario on a fresh connection',
  ]
    .filter(Boolean)
    .join('; ');
}

/** Services that share an image share a line. */
function images(images: Summary['environment']['images']): [string, string][] {
  return together(Object.entries(images), ({ name, id, source }) => `${name} (${source}, ${short(id)})`).map(
    (line, index) => [index === 0 ? 'images' : '', line],
  );
}

function settings(told: Summary['environment']['settings']): [string, string][] {
  return (told ? settingsTexts(told) : []).map((text, index) => [index === 0 ? 'settings' : '', text]);
}

/** A digest as Docker abbreviates it; the whole one is in summary.json. */
function short(id: string): string {
  return id.replace(/^(?:.*@)?sha256:(.{12}).*$/, '$1');
}

/** The executors, each with its model; then the scenarios, of which those with the same load share a line. */
function load({ profile }: Summary): string[] {
  const scenarios = Object.entries(profileSchema.parse(profile).scenarios);
  const executors = new Map(scenarios.map(([, config]) => [describeExecutor(config), config.executor]));
  return [
    ...[...executors].map(
      ([name, executor]) => `${isClosed(executor) ? CLOSED_NOTE : 'open model'}, ${name}`,
    ),
    ...together(scenarios, describeLoad),
  ];
}

/** One line a description: the names that share it, then what it says. */
function together<T>(entries: [string, T][], describe: (of: T) => string): string[] {
  const groups = Map.groupBy(entries, ([, of]) => describe(of));
  return [...groups].map(
    ([description, members]) => `${members.map(([name]) => name).join(', ')}: ${description}`,
  );
}
