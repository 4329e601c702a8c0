/** `--push`: where the figures of a run go while it runs. */
import { Option } from 'commander';
import { UsageError } from '../errors.ts';

const VARIABLE = 'BENCH_PUSH';

export const pushOption = () =>
  new Option(
    '--push <url>',
    `push the figures to this Prometheus Pushgateway while the load runs; else ${VARIABLE}, which may have user:password@`,
  ).argParser((text) => {
    const url = pushUrl(text, '--push');
    if (new URL(url).username === '') return url;
    throw new UsageError(
      `--push: user and password have no place on a command line; put the URL into ${VARIABLE}`,
    );
  });

/** Of the flag, else of the environment; undefined: nothing is pushed. */
export function pushTarget(flag: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  return flag ?? (env[VARIABLE] ? pushUrl(env[VARIABLE], VARIABLE) : undefined);
}

function pushUrl(text: string, name: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '')
    return text.replace(/\/$/, '');
  // The text is not repeated: a password may stand in it.
  throw new UsageError(
    `${name}: must be http://host:port or https://host:port, such as http://127.0.0.1:9091`,
  );
}
