/** Random values that stay the same over later `up`s. */
import * as command from '@pulumi/command';
import type * as pulumi from '@pulumi/pulumi';

/** `bytes` random bytes in hex, made once in the life of the stack; not a secret. */
export function randomHex(
  name: string,
  bytes: number,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const create = `head -c ${bytes} /dev/urandom | od -An -v -tx1 | tr -d ' \\n'`;
  return new command.local.Command(name, { create, logging: 'none', addPreviousOutputInEnv: false }, options)
    .stdout;
}

/** The same, secret in state and outputs. */
export function secret(name: string, options: pulumi.CustomResourceOptions): pulumi.Output<string> {
  return randomHex(name, 24, { ...options, additionalSecretOutputs: ['stdout', 'stderr'] });
}
