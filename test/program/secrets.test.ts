import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it, vi } from 'vitest';
import { secretOf } from './fake-engine.ts';
import { configWith, type Run, run, STACKS, settled, stringsIn } from './stacks.ts';

// What is in the files is not the matter here, and bundling them takes longer than all the rest.
vi.mock(import('../../infra/bundle.ts'), () => ({
  readFixture: (path) => `text of ${path}`,
  bundleFixture: (path) => `bundle of ${path}`,
}));

const SECRETS = ['postgres-password', 'certctl-api-key', 'certctl-encryption-key', 'certctl-auth-secret'].map(
  secretOf,
);
const isTold = (value: unknown) =>
  stringsIn(value).some((text) => SECRETS.some((secret) => text.includes(secret)));

const RUNS: [title: string, Run][] = [];
for (const [title, config] of STACKS) RUNS.push([title, await run(config)]);

describe.each(RUNS)('%s', (_, stack) => {
  it('hands each secret to a container', () => {
    const envs = [...stack.resources.values()].map(({ inputs }) => stringsIn(inputs.envs).join('\n'));
    for (const secret of SECRETS) expect(envs.some((text) => text.includes(secret))).toBe(true);
  });

  it('marks every input that holds one', () => {
    for (const { name, inputs, secretInputs } of stack.resources.values())
      for (const [key, value] of Object.entries(inputs))
        if (isTold(value)) expect(secretInputs, `${name}.${key}`).toContain(key);
  });

  it('marks every output of a component that holds one', () => {
    for (const { name, componentOutputs } of stack.resources.values())
      for (const [key, value] of Object.entries(componentOutputs))
        if (isTold(value)) expect(pulumi.runtime.isRpcSecret(value), `${name}.${key}`).toBe(true);
  });

  it('exports the key as a secret, and the contract as none and without any', async () => {
    const { bench, apiKey } = stack.outputs;
    expect(await pulumi.isSecret(apiKey as pulumi.Output<string>)).toBe(true);
    expect(await settled(apiKey)).toBe(secretOf('certctl-api-key'));
    expect(await pulumi.isSecret(bench as pulumi.Output<object>)).toBe(false);
    expect(isTold(await settled(bench))).toBe(false);
  });

  it('makes random values once, and keeps them out of commands, logs and the previous output', () => {
    for (const { name, type, inputs } of stack.resources.values()) {
      if (type !== 'command:local:Command') continue;
      // A build has no secrets, and --verbose shows how it goes.
      const logging = inputs.create === 'exec node subject/build-checkout.ts' ? 'stderr' : 'none';
      expect(inputs, name).toMatchObject({ logging, addPreviousOutputInEnv: false });
      expect(isTold(inputs.create), name).toBe(false);
    }
  });
});

it('keeps the token of an external certctl secret, and tells it to one command only', async () => {
  const subjectToken = secretOf('external');
  const stack = await run(
    configWith({ subject: 'external', subjectUrl: 'https://certctl.test:8443', subjectToken }),
  );
  const told = [...stack.resources.values()].filter(({ inputs }) => stringsIn(inputs).includes(subjectToken));
  expect(told.map(({ name }) => name)).toEqual(['certctl-ready']);
  expect(told[0]?.secretInputs).toEqual(['environment']);
  expect(await pulumi.isSecret(stack.outputs.apiKey as pulumi.Output<string>)).toBe(true);
  expect(await settled(stack.outputs.apiKey)).toBe(subjectToken);
  expect(await pulumi.isSecret(stack.outputs.bench as pulumi.Output<object>)).toBe(false);
  expect(JSON.stringify(stack.bench)).not.toContain(subjectToken);
});
