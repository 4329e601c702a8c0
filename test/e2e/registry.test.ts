/** Images from a registry: by tag, pinned by digest, out of a mirror that wants credentials, and refused. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BenchContract, contractSchema } from '../../infra/outputs.ts';
import { OFFICIAL_IMAGES } from '../../infra/registry/official.ts';
import { TARGETS } from '../../infra/target-specs.ts';
import { debianImageTag } from '../../runner/setup/debian-image.ts';
import { Checkout, type Ending } from '../support/checkout.ts';
import { startEngine } from './support/engine.ts';
import { htpasswd, installRegistry, type Registry, startRegistry } from './support/registry.ts';

const STACK = `registry-${process.pid}`;
const USER = 'bench';
const PASSWORD = 'a-password-of-the-registry';
const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-e2e-'));

let checkout: Checkout;
let open: Registry;
let closed: Registry;
let pushed: string;

const up = (registry: Registry, env: Record<string, string> = {}): Promise<Ending> =>
  checkout.run(
    [
      'up',
      '--stack',
      STACK,
      '--json',
      '-c',
      `imageRegistry=${registry.address}/mirror`,
      '-c',
      'imageLayout=debian',
    ],
    env,
  );
const contractOf = ({ code, stdout, stderr }: Ending): BenchContract => {
  expect(code, stderr).toBe(0);
  return contractSchema.parse(JSON.parse(stdout));
};
const lockFile = () => readFileSync(checkout.path('infra/images.lock.json'), 'utf8');

/** Who has logged in: the docker CLI's config, with a credential helper beside it. */
function loggedIn(): Record<string, string> {
  const config = join(folder, 'docker');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'config.json'), JSON.stringify({ credHelpers: { [closed.address]: 'test' } }));
  const answer = JSON.stringify({ ServerURL: closed.address, Username: USER, Secret: PASSWORD });
  writeFileSync(join(config, 'docker-credential-test'), `#!/bin/sh\necho '${answer}'\n`);
  chmodSync(join(config, 'docker-credential-test'), 0o755);
  return { DOCKER_CONFIG: config, PATH: [config, process.env.PATH].join(delimiter) };
}

beforeAll(async () => {
  const { host } = await startEngine();
  checkout = new Checkout(host);
  await installRegistry();
  open = await startRegistry(folder);
  closed = await startRegistry(folder, await htpasswd(host, debianImageTag(), USER, PASSWORD));
  for (const tag of OFFICIAL_IMAGES) {
    const name = `${open.address}/mirror/${tag}`;
    await checkout.docker('tag', debianImageTag(), name);
    const said = await checkout.docker('push', name);
    pushed = /digest: (sha256:[0-9a-f]{64})/.exec(said)?.[1] ?? '';
    await checkout.docker('image', 'rm', name);
  }
});
afterAll(async () => {
  const { code, stderr } = await checkout.run(['down', '--stack', STACK], loggedIn());
  const { address } = closed;
  await open.stop();
  await closed.stop();
  for (const registry of [open.address, address])
    for (const tag of OFFICIAL_IMAGES)
      await checkout.docker('image', 'rm', `${registry}/mirror/${tag}`).catch(() => {});
  checkout.remove();
  rmSync(folder, { recursive: true });
  expect(code, stderr).toBe(0);
});

test('a tag that nobody has pinned is used, and the digest that came is in the contract', async () => {
  const ending = await up(open);
  expect(ending.stderr).toMatch(/^Images: from 127\.0\.0\.1:\d+\/mirror \(imageRegistry is set\)$/m);
  const { images } = contractOf(ending);
  expect(images.nginx).toMatchObject({
    name: `${open.address}/mirror/${TARGETS.nginx.image}`,
    source: 'registry',
    digest: pushed,
    pinned: false,
  });
  expect(lockFile()).toBe('{}\n');
});

test('pin writes what the registry says, and nothing for what it does not have', async () => {
  const pinned = await checkout.run(['images', 'pin', '--registry', `${open.address}/mirror`]);
  expect(pinned.code, pinned.stderr).toBe(0);
  const lock = lockFile();
  expect(
    Object.entries(JSON.parse(lock)).map(([tag, pin]) => [tag, (pin as { digest: string }).digest]),
  ).toEqual(OFFICIAL_IMAGES.toSorted().map((tag) => [tag, pushed]));
  const missing = await checkout.run(['images', 'pin', `${open.address}/mirror/none:1`]);
  expect(missing.code).toBe(3);
  expect(missing.message).toMatch(
    /^1 of 1 images were not resolved .*none:1 \(.*manifest unknown.*docker login/,
  );
  expect(lockFile()).toBe(lock);
});

test('a registry that wants credentials refuses without, in one line with the remedy', async () => {
  const { code, message } = await up(closed);
  expect(code).toBe(3);
  expect(message).toMatch(
    /^up failed: the registry has no image 127\S+@sha256:[0-9a-f]{64} for you \(.*"docker login"\n?$/,
  );
});

test('with the credentials of the docker CLI it gives what is pinned, and they stay nowhere', async () => {
  const { images, topologyHash } = contractOf(await up(closed, loggedIn()));
  for (const image of ['nginx', 'apache', 'haproxy', 'f5', 'postgres', 'tls-init'])
    expect(images[image], image).toMatchObject({ digest: pushed, pinned: true });
  expect(topologyHash).toMatch(/^[0-9a-f]{64}$/);
  const state = await checkout.run(['list', '--json'], loggedIn());
  expect(state.stdout + state.stderr).not.toContain(PASSWORD);
});

test('a digest that the mirror does not have is told', async () => {
  const wrong = checkout.edit('infra/images.lock.json', (text) =>
    text.replaceAll(pushed, `sha256:${'1'.repeat(64)}`),
  );
  // The stack remembers whose credentials it was made with.
  const { code, message } = await up(open, loggedIn());
  wrong();
  expect(code).toBe(3);
  expect(message).toMatch(/the registry has no image 127\S+@sha256:1{64} for you/);
});
