/** The one image that stands for all services where no container registry can be reached. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ExecaError, execa } from 'execa';
import { TARGETS } from '../../infra/target-specs.ts';
import { EnvironmentError } from '../errors.ts';
import { projectRoot } from '../paths.ts';

const recipe = join(projectRoot, 'toolchain/debian-image/build.sh');
const packages = Object.values(TARGETS).flatMap(({ debianPackage = [] }) => debianPackage);

/** The locked Node that npm installed, a glibc binary that is copied into the image. */
function nodePackage(): { binary: string; version: string } {
  const name = `node-linux-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { binary: join(dirname(manifest), 'bin/node'), version };
  } catch (cause) {
    throw new EnvironmentError(`the npm package ${name} is missing: run "npm ci" on Linux x64 or arm64`, {
      cause,
    });
  }
}

/** Tag of the image; its last part is the hash of all that the image is made of. */
export function debianImageTag(): string {
  const hash = createHash('sha256')
    .update(readFileSync(recipe))
    .update(packages.join(' '))
    .update(nodePackage().version)
    .digest('hex');
  return `certctl-bench/debian:${hash.slice(0, 12)}`;
}

/** Content address of the image in the engine, or undefined if it is not there. */
export async function findDebianImage(
  host: string,
  env: Record<string, string> = {},
): Promise<string | undefined> {
  const result = await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', debianImageTag()], {
    reject: false,
    env: { ...env, DOCKER_HOST: host },
  });
  return result.failed ? undefined : result.stdout.trim();
}

/**
 * Builds the image from Debian's packages straight into the engine: no tar is kept, and a build that breaks
 * leaves no image.
 * @throws EnvironmentError with the last line of the tool that failed.
 */
export async function buildDebianImage(host: string): Promise<string> {
  const env = { DOCKER_HOST: host };
  try {
    // What the pipe carries is binary and half a gigabyte: it is not kept in this process.
    const build = execa(recipe, [nodePackage().binary, ...packages], {
      encoding: 'buffer',
      buffer: { stdout: false },
    });
    const { stdout } = await build.pipe('docker', ['import', '-', debianImageTag()], { env });
    return stdout.trim();
  } catch (cause) {
    await execa('docker', ['image', 'rm', debianImageTag()], { env, reject: false });
    const stderr = cause instanceof ExecaError ? Buffer.from(cause.stderr ?? '').toString() : '';
    const line = stderr.trim().split('\n').at(-1) || String(cause);
    throw new EnvironmentError(`the Debian image could not be built: ${line}`, { cause });
  }
}
