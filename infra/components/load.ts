/** The load as a resource: run once the stack is up, and again whenever the stack or the profile is another one. */
import { join, relative } from 'node:path';
import * as command from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import { dockerEnvironment } from '../engine/address.ts';
import { home } from '../home.ts';
import type { StackContext } from '../stack-context.ts';

const BENCH = join(import.meta.dirname, '../../runner/bench.mjs');

export class Load extends pulumi.ComponentResource {
  /** Verdict and figures. Resolves once the run has passed; a breach or an INVALID run is a failure of `up`. */
  readonly result: pulumi.Output<unknown>;

  /** @param outputs those of the stack, by which the command finds what it loads */
  constructor(
    name: string,
    { config }: StackContext,
    outputs: Record<string, pulumi.Output<unknown>>,
    options: pulumi.ComponentResourceOptions,
  ) {
    super('certctl-bench:infra:Load', name, {}, options);
    const run = new command.local.Command(
      `${name}-run`,
      {
        // Results go where those of the command line go; named from there, so that the state has no path of a machine.
        dir: relative(join(import.meta.dirname, '..'), home) || '.',
        create: `exec node "${relative(home, BENCH)}" load --outputs - --json --profile "$PROFILE"`,
        // A secret's way: no other process sees the input of a command.
        stdin: pulumi.secret(pulumi.jsonStringify(outputs)),
        environment: { PROFILE: config.loadInUp, ...dockerEnvironment(config) },
        logging: 'stderr',
        addPreviousOutputInEnv: false,
      },
      { parent: this, customTimeouts: { create: '3h', update: '3h' } },
    );
    // The key in its input makes all that it prints secret; what it prints are figures.
    this.result = pulumi.unsecret(run.stdout).apply((json) => JSON.parse(json) as unknown);
    this.registerOutputs({ result: this.result });
  }
}
