/** Brings the Debian image from this machine's engine to another one, which must not build it twice. */
import { execa } from 'execa';
import { EnvironmentError } from '../errors.ts';
import { debianImageTag, findDebianImage } from './debian-image.ts';
import { localEngines } from './engine.ts';

/**
 * Copies the image to the engine that the environment names, where an engine of this machine holds it.
 * @returns its content address, which stays the same; undefined where no engine here has it
 * @throws EnvironmentError where the copy breaks off
 */
export async function copyDebianImage(host: string): Promise<string | undefined> {
  for (const local of localEngines()) {
    const here = { DOCKER_HOST: local, DOCKER_CERT_PATH: '', DOCKER_TLS_VERIFY: '' };
    if (local === host || !(await findDebianImage(local, here))) continue;
    try {
      const save = execa('docker', ['save', debianImageTag()], {
        env: here,
        encoding: 'buffer',
        buffer: { stdout: false },
      });
      await save.pipe('docker', ['load', '--quiet'], { env: { DOCKER_HOST: host } });
    } catch (cause) {
      throw new EnvironmentError(
        `the Debian image could not be copied to the engine at ${host}: ${String((cause as Error).message).split('\n')[0]}`,
        { cause },
      );
    }
    return findDebianImage(host);
  }
  return undefined;
}
