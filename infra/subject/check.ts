/** What is wrong with the config of the subject: the keys that depend on which one it is. */
import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { TOKEN_KEY, TOKEN_VARIABLE } from '../config-keys.ts';
import { STAND_IN_SETTINGS } from '../settings/certctl-env.ts';

export const SUBJECTS = ['stand-in', 'binary', 'image', 'dockerfile', 'external'] as const;
export type SubjectKind = (typeof SUBJECTS)[number];

/** Of a certctl checkout, by what is in the image, as failures name it. */
export const DOCKERFILES = { certctl: 'Dockerfile', 'certctl-agent': 'Dockerfile.agent' } as const;

interface SubjectConfig {
  subject: SubjectKind;
  subjectBinary: string;
  subjectMigrations: string;
  subjectImage: string;
  subjectCheckout: string;
  subjectUrl: string;
  subjectToken: string;
  subjectCaFile: string;
  standInFaults: object | undefined;
  certctlEnv: Record<string, string>;
  postgresSettings: Record<string, string>;
  limits: Record<string, object>;
}
type Problem = [key: keyof SubjectConfig, message: string];

/** Each problem with its key. Values that are wrong by themselves may be missing. */
export function subjectProblems(config: Partial<SubjectConfig>): Problem[] {
  const { subject } = config;
  const isKnown = subject !== undefined && SUBJECTS.includes(subject);
  const problems: (Problem | undefined)[] = isKnown ? OF_SUBJECT[subject](config) : [];
  if (config.standInFaults && isKnown && subject !== 'stand-in')
    problems.push(['standInFaults', 'goes with subject stand-in only']);
  return problems.filter((problem) => problem !== undefined);
}

type Check = (config: Partial<SubjectConfig>) => (Problem | undefined)[];

const OF_SUBJECT: Record<SubjectKind, Check> = {
  'stand-in': ({ certctlEnv = {} }) => {
    const unknown = Object.keys(certctlEnv).filter((name) => !STAND_IN_SETTINGS.includes(name));
    if (unknown.length === 0) return [];
    const allowed = STAND_IN_SETTINGS.join(', ');
    return [['certctlEnv', `may have only ${allowed} for subject stand-in, not "${unknown.join('", "')}"`]];
  },
  binary: (config) => [path(config, 'subjectBinary', 'file'), path(config, 'subjectMigrations', 'folder')],
  image: ({ subjectImage }) =>
    subjectImage === '' ? [['subjectImage', 'must be set for subject image']] : [],
  dockerfile: (config) => {
    const problem = path(config, 'subjectCheckout', 'folder');
    if (problem) return [problem];
    const dockerfile = join(config.subjectCheckout ?? '', DOCKERFILES.certctl);
    if (statSync(dockerfile, { throwIfNoEntry: false })?.isFile()) return [];
    return [['subjectCheckout', `must name a folder with a Dockerfile, and there is no ${dockerfile}`]];
  },
  external: (config) => [url(config), token(config), caFile(config), ...notOurs(config)],
};

/** What is wrong with a path of this machine. */
function path(
  config: Partial<SubjectConfig>,
  key: 'subjectBinary' | 'subjectMigrations' | 'subjectCheckout' | 'subjectCaFile',
  kind: 'file' | 'folder',
): Problem | undefined {
  const value = config[key] ?? '';
  if (value === '') return [key, `must be set for subject ${config.subject}`];
  // The program's own folder is not the one in which the person typed the path.
  if (!isAbsolute(value)) return [key, 'must be an absolute path'];
  const found = statSync(value, { throwIfNoEntry: false });
  if (kind === 'file' ? found?.isFile() : found?.isDirectory()) return undefined;
  return [key, `must name a ${kind}, and ${value} is none`];
}

function url({ subjectUrl = '' }: Partial<SubjectConfig>): Problem | undefined {
  if (subjectUrl === '') return ['subjectUrl', 'must be set for subject external'];
  const parsed = URL.parse(subjectUrl);
  if (parsed?.protocol === 'https:' && parsed.origin === subjectUrl.replace(/\/$/, '')) return undefined;
  return ['subjectUrl', 'must be https://host or https://host:port, without a path'];
}

function token({ subjectToken = '' }: Partial<SubjectConfig>): Problem | undefined {
  if (subjectToken !== '') return undefined;
  return [
    'subjectToken',
    `must be set for subject external: an admin key in the environment (${TOKEN_VARIABLE}), or "pulumi config set --secret certctl-bench:${TOKEN_KEY}"`,
  ];
}

function caFile(config: Partial<SubjectConfig>): Problem | undefined {
  if (!config.subjectCaFile) return undefined;
  const problem = path(config, 'subjectCaFile', 'file');
  if (problem || readFileSync(config.subjectCaFile, 'utf8').includes('-----BEGIN CERTIFICATE-----'))
    return problem;
  return ['subjectCaFile', 'must name a PEM file with certificates'];
}

/** An external certctl and its PostgreSQL are as they are. */
function notOurs({ certctlEnv = {}, postgresSettings = {}, limits = {} }: Partial<SubjectConfig>): Problem[] {
  const words = 'does not go with subject external, which the bench does not run';
  const problems: Problem[] = [];
  if (Object.keys(certctlEnv).length > 0) problems.push(['certctlEnv', words]);
  if (Object.keys(postgresSettings).length > 0) problems.push(['postgresSettings', words]);
  if (limits.certctl || limits.postgres)
    problems.push(['limits', 'of certctl and postgres do not go with subject external']);
  return problems;
}
