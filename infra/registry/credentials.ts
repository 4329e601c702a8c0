/** Which registries the person's Docker config has credentials for: `docker login` has put them there. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

interface DockerConfig {
  auths?: Record<string, unknown>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
}

/** For the provider, which reads the file itself and asks its credential helpers: no secret goes through the program. */
export interface RegistryAuth {
  address: string;
  configFile: string;
}

/** Where the docker CLI keeps its config. */
const configFile = (env: NodeJS.ProcessEnv) =>
  join(env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json');

/** One entry for each of `registries` that the config knows something about. */
export function registryAuth(
  registries: readonly (string | undefined)[],
  env: NodeJS.ProcessEnv = process.env,
): RegistryAuth[] {
  const file = configFile(env);
  const config = readConfig(file);
  return [...new Set(registries)]
    .filter((registry) => registry !== undefined)
    .filter((registry) => knows(config, registry))
    .map((address) => ({ address, configFile: file }));
}

function knows({ auths = {}, credHelpers = {}, credsStore }: DockerConfig, registry: string): boolean {
  if (credsStore || registry in credHelpers) return true;
  return Object.keys(auths).some((key) => key.replace(/^https?:\/\//, '').split('/', 1)[0] === registry);
}

function readConfig(file: string): DockerConfig {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DockerConfig;
  } catch {
    return {};
  }
}
