/** What every component of one stack shares. */
import type * as docker from '@pulumi/docker';
import type * as pulumi from '@pulumi/pulumi';
import type { BenchConfig } from './config.ts';
import type { ImageSet } from './images.ts';
import { LABEL_INCARNATION, LABEL_RUN, LABEL_STACK } from './labels.ts';

export interface StackContext {
  stack: string;
  /** Random, made at the stack's first `up`, unchanged by later ones. */
  incarnation: pulumi.Output<string>;
  config: BenchConfig;
  images: ImageSet;
}

/** Labels of everything that the stack makes in the engine: what a later sweep goes by. */
export function labels({
  stack,
  incarnation,
  config,
}: Pick<StackContext, 'stack' | 'incarnation' | 'config'>): docker.types.input.ContainerLabel[] {
  return [
    { label: LABEL_STACK, value: stack },
    { label: LABEL_INCARNATION, value: incarnation },
    ...(config.run ? [{ label: LABEL_RUN, value: config.run }] : []),
  ];
}
