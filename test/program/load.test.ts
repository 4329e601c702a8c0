import * as pulumi from '@pulumi/pulumi';
import { expect, it, vi } from 'vitest';
import { configWith, run, settled } from './stacks.ts';

vi.mock(import('../../infra/bundle.ts'), () => ({
  readFixture: (path) => `text of ${path}`,
  bundleFixture: (path) => `bundle of ${path}`,
}));

const RESULT = { verdict: 'PASSED', run: '20261125' };
const loading = (keys = {}) =>
  run(configWith({ loadInUp: 'smoke', ...keys }), { stdout: { 'load-run': JSON.stringify(RESULT) } });

it('is no resource where config does not ask for it', async () => {
  const { resources, outputs } = await run(configWith());
  expect(resources.has('load-run')).toBe(false);
  expect(outputs).not.toHaveProperty('load');
});

it('runs the profile against the outputs of the stack, which it gets as a secret', async () => {
  const { resources, bench } = await loading();
  const load = resources.get('load-run');
  expect(load?.inputs).toMatchObject({
    environment: { PROFILE: 'smoke' },
    dir: expect.not.stringMatching(/^\//),
  });
  expect(load?.inputs.create).toMatch(/bench\.mjs" load --outputs - --json --profile "\$PROFILE"$/);
  expect(load?.secretInputs).toEqual(['stdin']);
  const { bench: given, apiKey } = JSON.parse(load?.inputs.stdin as string);
  expect(given).toEqual(bench);
  expect(apiKey).toMatch(/^[0-9a-f]{48}$/);
});

it('comes last: every service is ready before', async () => {
  const { resources } = await loading();
  expect(resources.get('load-run')?.dependencies).toEqual(
    expect.arrayContaining(['certctl-ready', 'nginx-ready', 'apache-ready', 'haproxy-ready', 'f5-ready']),
  );
});

it('gives its verdict and figures, in plain, as the output "load"', async () => {
  const { outputs } = await loading();
  expect(await settled(outputs.load)).toEqual(RESULT);
  expect(outputs.load && (await pulumi.isSecret(outputs.load))).toBe(false);
});

it('asks the engine that the stack is on, with its certificates', async () => {
  const { resources } = await loading({ dockerHost: 'tcp://engine.test:2376', dockerCertPath: '/certs' });
  expect(resources.get('load-run')?.inputs.environment).toMatchObject({
    DOCKER_HOST: 'tcp://engine.test:2376',
    DOCKER_CERT_PATH: '/certs',
    DOCKER_TLS_VERIFY: '1',
  });
});
