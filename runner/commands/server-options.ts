/** Options of `bench load` for a server that runs already, without a stack. */
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { TARGET_NAMES } from '../../infra/targets.ts';
import type { Endpoints, TargetEndpoint } from '../engine/contract.ts';
import { UsageError } from '../errors.ts';

export interface ServerFlags {
  base?: string;
  tokenEnv?: string;
  ca?: string;
  insecure?: boolean;
  target: Record<string, TargetEndpoint>;
}

export function addServerOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--base <url>',
        'a server that runs already, as https://host:port; else CERTCTL_BASE',
      ).argParser(baseUrl),
    )
    .addOption(
      new Option('--token-env <name>', 'variable with the API key of that server; else CERTCTL_TOKEN'),
    )
    .addOption(
      new Option('--ca <file>', 'PEM of the only CA to trust; else those of the system and of Node.js'),
    )
    .addOption(new Option('--insecure', 'trust any certificate; the report says so').conflicts('ca'))
    .addOption(
      new Option(
        '--target <name=host:port>',
        `a target that runs already: ${TARGET_NAMES.join(', ')}; repeatable`,
      )
        .argParser(target)
        .default({} as ServerFlags['target'], 'none'),
    );
}

/**
 * The endpoints that flags and environment name; undefined where they name none, or where a stack is named instead.
 * Throws a UsageError where something of it is missing.
 */
export function serverOf(
  flags: ServerFlags & { stack?: string },
  env: NodeJS.ProcessEnv,
): { endpoints: Endpoints; name: string } | undefined {
  const { stack, base, ca, insecure = false, tokenEnv } = flags;
  const named = [base && '--base', ca && '--ca', insecure && '--insecure', tokenEnv && '--token-env'];
  const first = [...named, Object.keys(flags.target).length > 0 && '--target'].find(Boolean);
  if (stack !== undefined) {
    if (first)
      throw new UsageError(
        `--stack and ${first} exclude each other: a stack says itself where its servers are`,
      );
    return undefined;
  }
  const url = base ?? (env.CERTCTL_BASE ? baseUrl(env.CERTCTL_BASE, undefined, 'CERTCTL_BASE') : undefined);
  if (url === undefined && Object.keys(flags.target).length === 0) {
    if (first)
      throw new UsageError(`${first} needs a server: --base https://host:port, or CERTCTL_BASE, or --target`);
    return undefined;
  }
  const endpoints: Endpoints = {
    api: url === undefined ? undefined : { url, token: token(tokenEnv, env) },
    targets: flags.target,
    ca: ca === undefined ? undefined : pem(ca),
    insecure,
  };
  return { endpoints, name: [url, ...Object.keys(flags.target)].filter(Boolean).join(', ') };
}

/** Only from the environment: a command line is seen by everybody on the machine. */
function token(tokenEnv: string | undefined, env: NodeJS.ProcessEnv): string {
  const name = tokenEnv ?? 'CERTCTL_TOKEN';
  const value = env[name];
  if (value) return value;
  throw new UsageError(
    `${name} is not set: put the API key of the server into it, or name another with --token-env`,
  );
}

function pem(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`--ca "${path}": cannot be read (${(cause as Error).message})`, { cause });
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new UsageError(`--ca "${path}": is no PEM file with a certificate`);
}

/** The origin; a path would be lost. */
function baseUrl(text: string, _before?: unknown, name = '--base'): string {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '' && url.username === '') {
    return url.origin;
  }
  throw new UsageError(`${name} "${text}": must be https://host:port, without a path`);
}

function target(text: string, sofar: ServerFlags['target']): ServerFlags['target'] {
  const [, name = '', host = '', port = ''] = /^(\w+)=(?:https:\/\/)?(.+):(\d+)$/.exec(text) ?? [];
  const known = TARGET_NAMES.find((one) => one === name);
  if (known === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new UsageError(
      `--target "${text}": must be name=host:port with a name of ${TARGET_NAMES.join(', ')}, such as nginx=10.0.0.5:443`,
    );
  }
  const bare = host.replace(/^\[|\]$/g, '');
  return { ...sofar, [known]: { host: bare, port: Number(port), servername: bare } };
}
