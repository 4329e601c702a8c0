import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { copyDebianImage } from '../../../runner/setup/copy-image.ts';
import { debianImageTag } from '../../../runner/setup/debian-image.ts';
import { FakePrograms } from '../../support/fake-program.ts';

const FAR = 'tcp://far.test:2376';
const LOCAL = 'unix:///var/run/docker.sock';

beforeEach(() => {
  vi.stubEnv('DOCKER_TLS_VERIFY', '1');
  vi.stubEnv('DOCKER_CERT_PATH', '/certificates');
});
afterEach(() => void vi.unstubAllEnvs());

/** Engines that hold the image after their own words. */
async function engines(script: string): Promise<FakePrograms> {
  const programs = await FakePrograms.make({
    docker: `case "$1 $DOCKER_HOST" in\n${script}\n*) exit 1 ;;\nesac`,
  });
  vi.stubEnv('PATH', programs.path);
  return programs;
}

it('is copied as it is: without the certificates here, and with them there', async () => {
  await using programs = await engines(`
    "image ${LOCAL}") [ -z "$DOCKER_CERT_PATH$DOCKER_TLS_VERIFY" ] && echo sha256:abc ;;
    "save ${LOCAL}") [ -z "$DOCKER_CERT_PATH$DOCKER_TLS_VERIFY" ] && echo layers ;;
    "load ${FAR}") [ "$DOCKER_CERT_PATH" = /certificates ] && cat > "$0.state" ;;
    "image ${FAR}") [ "$(cat "$0.state")" = layers ] && echo sha256:abc ;;`);
  expect(await copyDebianImage(FAR)).toBe('sha256:abc');
  expect(await programs.calls('docker')).toContain(`save ${debianImageTag()}`);
});

it('is not copied where no engine here has it, nor from an engine to itself', async () => {
  await using _ = await engines(`"image ${LOCAL}") echo sha256:abc ;;`);
  expect(await copyDebianImage(LOCAL)).toBeUndefined();
  await using __ = await engines('');
  expect(await copyDebianImage(FAR)).toBeUndefined();
});

it('a copy that breaks off is told', async () => {
  await using _ = await engines(`
    "image ${LOCAL}") echo sha256:abc ;;
    "save ${LOCAL}") echo layers ;;
    "load ${FAR}") cat > /dev/null; echo "no space left on device" >&2; exit 1 ;;`);
  const copied = copyDebianImage(FAR);
  await expect(copied).rejects.toThrow(EnvironmentError);
  await expect(copied).rejects.toThrow(`could not be copied to the engine at ${FAR}`);
});
