/** What `auto` chooses at a stack's first `up`; written into its config, so that later `up`s find the same. */
import type { ConfigKey } from '../../infra/config-keys.ts';
import type { Setup } from '../setup/setup.ts';

type Config = Partial<Record<ConfigKey, string>>;

/**
 * Config of a new stack where the person has said nothing: the images that `setup` found, and the subject that
 * the given keys imply.
 */
export function freshConfig(
  { imageSource, debianImage }: Setup,
  given: Config,
  say: (line: string) => void,
): Config {
  return {
    imageSource,
    ...(debianImage !== undefined && { debianImage }),
    ...(given.subject === undefined && { subject: chooseSubject(given, say) }),
  };
}

function chooseSubject(given: Config, say: (line: string) => void): string {
  if (given.subjectBinary) {
    say('Subject: binary (subjectBinary is set)');
    return 'binary';
  }
  if (given.subjectImage) {
    say('Subject: image (subjectImage is set)');
    return 'image';
  }
  say(
    'Subject: the stand-in, which is not certctl; -c subjectBinary=... -c subjectMigrations=... measures certctl',
  );
  return 'stand-in';
}
