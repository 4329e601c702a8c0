/** Readiness of one container, as a resource: what depends on it is not made before it can be used. */
import * as command from '@pulumi/command';
import type * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { dockerEnvironment, needsTunnel, servedAt } from '../engine/address.ts';
import { type GateSettings, toEnvironment } from '../gate/settings.ts';
import type { StackContext } from '../stack-context.ts';

/**
 * For a machine that is so busy, with eight stacks that come up on two cores, that PostgreSQL takes more than a minute.
 * What cannot become ready is told when that is known: a container that exits at once, an unhealthy one when it is.
 */
const DEADLINE_MS = 120_000;

type Probes = Partial<Omit<GateSettings, 'name' | 'container' | 'deadlineMs' | 'tunnel'>>;

/**
 * Waits for `container`; runs again whenever the container is another one.
 * @returns what the last probe answered (see GateSettings).
 */
export function gate(
  name: string,
  { config }: StackContext,
  container: docker.Container,
  probes: pulumi.Input<pulumi.Unwrap<Probes>>,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const environment = pulumi.all([container.id, probes]).apply(([id, given]) => ({
    ...toEnvironment({
      ...{ oneShot: false, exec: [], listening: [], answering: [], ca: '', servername: '' },
      ...given,
      name,
      container: id,
      deadlineMs: DEADLINE_MS,
      tunnel: needsTunnel(config.dockerHost, servedAt(config)) ? config.dockerHost : '',
    }),
    ...dockerEnvironment(config),
  }));
  const wait = new command.local.Command(
    `${name}-ready`,
    {
      create: 'exec node gate/main.ts',
      environment,
      triggers: [container.id],
      logging: 'none',
      addPreviousOutputInEnv: false,
    },
    { ...options, customTimeouts: { create: '3m' } },
  );
  return wait.stdout.apply((line) => (JSON.parse(line) as { answer: string }).answer);
}
