/** What `auto` chooses at a stack's first `up`; written into its config, so that later `up`s find the same. */
import type { ConfigKey } from '../../infra/config-keys.ts';
import { isRemote } from '../../infra/engine/address.ts';
import type { Engine } from '../setup/engine.ts';
import type { Setup } from '../setup/setup.ts';
import { certPathOf } from '../setup/use-engine.ts';

/** An engine on another machine, that the environment or a docker context names: the stack stays on it from now on. */
export function remoteEngine({ host }: Engine): Config {
  if (!isRemote(host)) return {};
  const dockerCertPath = certPathOf();
  return { dockerHost: host, ...(dockerCertPath && { dockerCertPath }) };
}

type Config = Partial<Record<ConfigKey, string>>;

/**
 * What is to be set in a stack's config: what the person says now, and where neither they nor the stack have
 * said anything, the images that `setup` found and the subject that the given keys imply.
 * @param have what stands in the stack's config
 */
export function stackConfig(
  { imageSource, debianImage }: Pick<Setup, 'imageSource' | 'debianImage'>,
  have: Config,
  given: Config,
  say: (line: string) => void,
): Config {
  const found = debianImage !== undefined && { debianImage };
  const source = imagesOf(have, given) ?? imageSource;
  // A stack that goes over to the Debian image gets today's, not one that it may have had before.
  const goesOver = source === 'debian' && have.imageSource !== 'debian';
  const { imageRegistry } = given;
  if (imageRegistry && given.imageSource === undefined)
    say(`Images: from ${imageRegistry} (imageRegistry is set)`);
  const subject = given.subject ?? chooseSubject(have, given, say);
  return {
    ...{ ...found, ...have, ...(goesOver && found) },
    ...{ imageSource: source, ...given, ...(subject !== undefined && { subject }) },
  };
}

/**
 * Where a stack's images come from, where somebody has said it: now, or of the stack. Who names a mirror means images
 * from it. Undefined: `setup` chooses.
 */
export function imagesOf(have: Config, given: Config): Setup['imageSource'] | undefined {
  const said = ({ imageSource, imageRegistry }: Config) =>
    imageSource ?? (imageRegistry ? 'registry' : undefined);
  return (said(given) ?? said(have)) as Setup['imageSource'] | undefined;
}

/** The subject that a key is for: who gives the key means the subject. */
const IMPLIED = {
  subjectBinary: 'binary',
  subjectImage: 'image',
  subjectCheckout: 'dockerfile',
  subjectUrl: 'external',
} as const;

function chooseSubject(have: Config, given: Config, say: (line: string) => void): string | undefined {
  const implied = (Object.keys(IMPLIED) as (keyof typeof IMPLIED)[]).find((key) => given[key]);
  if (implied !== undefined) {
    say(`Subject: ${IMPLIED[implied]} (${implied} is set)`);
    return IMPLIED[implied];
  }
  if (have.subject !== undefined) return undefined;
  say(
    'Subject: the stand-in, which is not certctl; -c subjectBinary=... -c subjectMigrations=... measures certctl',
  );
  return 'stand-in';
}
