/** `--docker-host` and its companions: the engine that a command asks. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { isRemote } from '../../infra/engine/address.ts';
import { UsageError } from '../errors.ts';
import { useEngine } from '../setup/use-engine.ts';
import { stackConfigFile } from '../stack/config-file.ts';
import { lastStack } from '../stack/current.ts';
import { exposure } from '../stack/exposure.ts';
import { type SetupFlags, type StackConfig, say } from './options.ts';

export interface EngineFlags {
  dockerHost?: string;
  dockerCertPath?: string;
  bindAddress?: string;
}

/** For commands that look at an engine or at a stack that is there. */
export function addEngineOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--docker-host <url>',
        'the Docker engine: unix://, tcp:// or ssh://; a stack keeps its own',
      ),
    )
    .addOption(
      new Option('--docker-cert-path <folder>', 'ca.pem, cert.pem and key.pem for tcp:// with TLS').argParser(
        (folder) => resolve(folder),
      ),
    );
}

/** For commands that make a stack. */
export function addNewStackEngineOptions(command: Command): Command {
  return addEngineOptions(command).addOption(
    new Option(
      '--bind-address <ip>',
      "address of the engine's machine for the published ports; 0.0.0.0: all",
    ),
  );
}

/** What the flags say, as keys of the stack's config. */
export function engineConfig({ dockerHost, dockerCertPath, bindAddress }: EngineFlags): StackConfig {
  return {
    ...(dockerHost !== undefined && { dockerHost }),
    ...(dockerCertPath !== undefined && { dockerCertPath }),
    ...(bindAddress !== undefined && { bindAddress }),
  };
}

/**
 * From now on the command asks the engine of its stack: the one in the stack's config, else the one that is given.
 * @param given what flags and `-c` say
 * @throws UsageError where the stack has another engine than the given one: what it made is there.
 */
export function useStackEngine(given: StackConfig, stack: string | undefined): void {
  const have: StackConfig = stackConfigFile(stack);
  const isMade = have.subject !== undefined;
  const { dockerHost = '' } = have;
  if (isMade && given.dockerHost !== undefined && given.dockerHost !== dockerHost) {
    throw new UsageError(
      `--docker-host ${given.dockerHost}: stack ${stack} is on ${dockerHost || 'the default engine'}, and a stack does not move; take another --stack, or "bench down --stack ${stack}" first`,
    );
  }
  useEngine({ ...have, ...given });
}

/**
 * The same for a stack that is there, which no flag needs to name.
 * @returns where its images are from, so that no other ones are looked for on a remote engine
 */
export function useEngineOf(flags: EngineFlags & { stack?: string }): Pick<SetupFlags, 'images'> {
  const stack = flags.stack ?? lastStack();
  useStackEngine(engineConfig(flags), stack);
  const { dockerHost = '', imageSource } = stackConfigFile(stack);
  return isRemote(dockerHost) && imageSource ? { images: imageSource as 'registry' | 'debian' } : {};
}

/** Says in a line each what others can reach of the stack that is to be made. */
export function warnOfExposure(given: StackConfig, stack: string | undefined): void {
  for (const line of exposure({ ...stackConfigFile(stack), ...given })) say(line);
}
