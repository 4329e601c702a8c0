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
  const images = { imageSource, ...(debianImage !== undefined && { debianImage }) };
  const registry = chooseRegistry(given, say);
  const subject = given.subject ?? chooseSubject(have, given, say);
  return { ...images, ...have, ...registry, ...given, ...(subject !== undefined && { subject }) };
}

/** Who names a mirror means images from it, whatever `setup` has found. */
function chooseRegistry({ imageRegistry, imageSource }: Config, say: (line: string) => void): Config {
  if (!imageRegistry || imageSource !== undefined) return {};
  say(`Images: from ${imageRegistry} (imageRegistry is set)`);
  return { imageSource: 'registry' };
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
