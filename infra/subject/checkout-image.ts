/** What a certctl checkout's own Dockerfiles make: its server and its agent. */
import * as command from '@pulumi/command';
import type * as pulumi from '@pulumi/pulumi';
import { dockerEnvironment } from '../engine/address.ts';
import { localImage, type ServiceImage } from '../images.ts';
import type { StackContext } from '../stack-context.ts';
import { DOCKERFILES } from './check.ts';
import { checkoutHash } from './checkout-hash.ts';

/** Built on the stack's engine; anew whenever what Docker sees of the checkout has changed. */
export function checkoutImage(
  name: string,
  program: keyof typeof DOCKERFILES,
  { config }: StackContext,
  options?: pulumi.CustomResourceOptions,
): ServiceImage {
  const dockerfile = DOCKERFILES[program];
  const hash = checkoutHash(config.subjectCheckout, dockerfile).slice(0, 12);
  const build = new command.local.Command(
    name,
    {
      create: 'exec node subject/build-checkout.ts',
      environment: {
        SUBJECT_CHECKOUT: config.subjectCheckout,
        SUBJECT_DOCKERFILE: dockerfile,
        SUBJECT_PROGRAM: program,
        SUBJECT_TAG: `certctl-bench/subject:checkout-${program}-${hash}`,
        ...dockerEnvironment(config),
      },
      // Streamed for --verbose.
      logging: 'stderr',
      addPreviousOutputInEnv: false,
    },
    options,
  );
  return localImage(build.stdout, `${dockerfile} of a checkout, ${hash}`, 'subject');
}
