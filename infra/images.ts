/** Where images come from: a container registry, or the one image that `bench setup` built from Debian packages. */
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { BenchConfig } from './config.ts';
import { readLock } from './registry/lock.ts';
import { fullReference, officialReference, type Reference, registryOf } from './registry/reference.ts';

/** What is inside: the official images and the Debian packages differ in paths and entrypoints. */
export type ImageLayout = BenchConfig['imageLayout'];

export interface ServiceImage {
  /** Content address. A container refers to this: a tag would make every later `up` replace it. */
  id: pulumi.Input<string>;
  /** What a person calls it. */
  name: string;
  source: BenchConfig['imageSource'] | 'subject';
  /** By which registries know it: the digest that was pinned, or the one that came; null where none is known. */
  digest: pulumi.Input<string | null>;
  /** True where the digest was known before it was pulled. */
  pinned: boolean;
}

/** An image that comes from no registry. */
export const localImage = (
  id: pulumi.Input<string>,
  name: string,
  source: ServiceImage['source'],
): ServiceImage => ({ id, name, source, digest: null, pinned: false });

/** The registries that this config pulls from. */
export function registriesOf(config: BenchConfig): (string | undefined)[] {
  const services = config.imageSource === 'registry' && config.imageRegistry !== '';
  return [
    services ? registryOf(`${config.imageRegistry}/image`) : undefined,
    config.subject === 'image' ? registryOf(config.subjectImage) : undefined,
    config.agent === 'real' ? registryOf(config.agentImage) : undefined,
  ];
}

/** Gives the images of the stack, each made once. */
export class ImageSet {
  readonly layout: ImageLayout;
  readonly #config: BenchConfig;
  readonly #lock = readLock();
  readonly #options: pulumi.ComponentResourceOptions;
  readonly #made = new Map<string, ServiceImage>();

  constructor(config: BenchConfig, options: pulumi.ComponentResourceOptions) {
    this.layout = config.imageSource === 'debian' ? 'debian' : config.imageLayout;
    this.#config = config;
    this.#options = options;
  }

  /** An official image by its tag, or what stands for it. */
  get(tag: string): ServiceImage {
    const { imageSource, imageRegistry, debianImage } = this.#config;
    if (imageSource === 'debian') return localImage(debianImage, 'Debian 12 packages', 'debian');
    const [repository = tag] = tag.split(':', 1);
    return this.#pull(repository, officialReference(tag, imageRegistry, this.#lock));
  }

  /** An image by its full name. */
  pull(name: string, reference: string): ServiceImage {
    return this.#pull(name, fullReference(reference, this.#lock));
  }

  /** One that the engine has already is not pulled. */
  #pull(resource: string, { name, pulled, isPinned }: Reference): ServiceImage {
    const known = this.#made.get(resource);
    if (known) return known;
    // Other stacks on the engine may run from the same image, so `destroy` leaves it.
    const { imageId, repoDigest } = new docker.RemoteImage(
      resource,
      { name: pulled, keepLocally: true },
      this.#options,
    );
    const [, pinned = null] = pulled.split('@');
    const came = pulumi.output(repoDigest).apply((text) => text?.split('@')[1] ?? null);
    const image: ServiceImage = {
      id: imageId,
      name,
      source: 'registry',
      digest: pinned ?? came,
      pinned: isPinned,
    };
    this.#made.set(resource, image);
    return image;
  }
}
