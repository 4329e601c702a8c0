import { Command, Option } from 'commander';
import { readLock } from '../../infra/registry/lock.ts';
import { OFFICIAL_IMAGES } from '../../infra/registry/official.ts';
import { officialReference } from '../../infra/registry/reference.ts';
import { EnvironmentError, UsageError } from '../errors.ts';
import { resolveDigest, type Wanted, withPins, writeLock } from '../images/pin.ts';
import { findEngine, startPrivateEngine } from '../setup/engine.ts';
import { say } from './options.ts';

const PREFIX = /^[a-z0-9][\w.-]*(:\d+)?(\/[a-z0-9][\w.-]*)*$/;
const REFERENCE = /^[a-z0-9][\w./-]*(:\d+\/[\w./-]+)?:[\w.-]+$/;

interface Flags {
  registry?: string;
}

/** `bench images pin` */
export function imagesCommand(): Command {
  const images = new Command('images').description('the container images that a registry gives');
  images
    .command('pin')
    .description('resolve tags to digests and write them into infra/images.lock.json, to be committed')
    .argument('[reference...]', 'such as ghcr.io/certctl-io/certctl-server:v2.1.7', undefined)
    .addOption(
      new Option(
        '--registry <prefix>',
        'mirror of the official images, as in config imageRegistry',
      ).argParser((text) => {
        if (PREFIX.test(text)) return text;
        throw new UsageError(
          `--registry "${text}": must be a registry with a path, without https://, such as registry.example.com/mirror`,
        );
      }),
    )
    .addHelpText(
      'after',
      '\nWithout a reference, those of all services.\n\nExample:\n  $ bench images pin\n  $ bench images pin ghcr.io/certctl-io/certctl-server:v2.1.7',
    )
    .action(async (references: string[], { registry = '' }: Flags) => {
      const wanted = references.length > 0 ? references.map(named) : services(registry);
      const { host } = (await findEngine()) ?? (await startPrivateEngine());
      const lock = readLock();
      const pins = [];
      for (const image of wanted) {
        const pin = await resolveDigest(host, image);
        say(`  ${pin.reference}  ${pin.digest ?? `not resolved: ${pin.problem}`}`);
        pins.push(pin);
      }
      writeLock(withPins(lock, pins, new Date().toISOString().slice(0, 10)));
      const failed = pins.filter(({ digest }) => digest === undefined);
      if (failed.length === 0) return say('Written to infra/images.lock.json.');
      const names = failed.map(({ reference }) => reference).join(', ');
      throw new EnvironmentError(
        `${failed.length} of ${pins.length} images were not resolved and are not pinned: ${names} (${failed[0]?.problem}); check the network, or "docker login"`,
      );
    });
  return images;
}

/** @throws UsageError */
function named(reference: string): Wanted {
  if (REFERENCE.test(reference)) return { reference, pulled: reference };
  throw new UsageError(`image "${reference}": must be name:tag, such as postgres:16-alpine`);
}

function services(registry: string): Wanted[] {
  return OFFICIAL_IMAGES.map((tag) => ({
    reference: tag,
    pulled: officialReference(tag, registry, {}).pulled,
  }));
}
