/** Where images come from: a container registry, or the one image that `bench setup` built from Debian packages. */
import * as docker from '@pulumi/docker';
import type * as pulumi from '@pulumi/pulumi';
import type { BenchConfig } from './config.ts';

export type ImageSource = BenchConfig['imageSource'];

/** Tags of the official images, by what they are used for. */
const TAGS = {
  postgres: 'postgres:16-alpine',
  nginx: 'nginx:1.27-alpine',
  apache: 'httpd:2.4-alpine',
  haproxy: 'haproxy:2.9-alpine',
  node: 'node:24-alpine',
} as const;
export type ImageRole = keyof typeof TAGS;

export interface ServiceImage {
  /** Content address. A container refers to this: a tag would make every later `up` replace it. */
  id: pulumi.Input<string>;
  /** What a person calls it. */
  name: string;
  source: ImageSource | 'subject';
}

/** Gives the image of a role, each made once. */
export class ImageSet {
  readonly source: ImageSource;
  readonly #debianImage: string;
  readonly #options: pulumi.ComponentResourceOptions;
  readonly #made = new Map<string, ServiceImage>();

  constructor(config: BenchConfig, options: pulumi.ComponentResourceOptions) {
    this.source = config.imageSource;
    this.#debianImage = config.debianImage;
    this.#options = options;
  }

  get(role: ImageRole): ServiceImage {
    if (this.source === 'registry') return this.pull(role, TAGS[role]);
    return { id: this.#debianImage, name: 'Debian 12 packages', source: 'debian' };
  }

  /** An image by reference; one that the engine has already is not pulled. */
  pull(name: string, reference: string): ServiceImage {
    const known = this.#made.get(name);
    if (known) return known;
    // Other stacks on the engine may run from the same image, so `destroy` leaves it.
    const { imageId } = new docker.RemoteImage(name, { name: reference, keepLocally: true }, this.#options);
    const image: ServiceImage = { id: imageId, name: reference, source: 'registry' };
    this.#made.set(name, image);
    return image;
  }
}
