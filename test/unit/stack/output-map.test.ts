import type { Deployment } from '@pulumi/pulumi/automation/index.js';
import { expect, it } from 'vitest';
import { outputMap } from '../../../runner/stack/output-map.ts';

/** A secret as Pulumi exports it with --show-secrets. */
const secret = (value: unknown) => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  plaintext: JSON.stringify(value),
});

const exported = (...resources: object[]): Deployment => ({ version: 3, deployment: { resources } });

it('has the outputs of the stack itself, the secrets among them in plain and called so', () => {
  const other = { type: 'command:local:Command', outputs: { stdout: secret('a password') } };
  const bench = { schema: 'bench.v1', targets: [{ port: 8443 }], postgres: null };
  const stack = { type: 'pulumi:pulumi:Stack', outputs: { bench, apiKey: secret('the key') } };
  expect(outputMap(exported(other, stack))).toEqual({
    bench: { value: bench, secret: false },
    apiKey: { value: 'the key', secret: true },
  });
});

it('takes the mark off a secret that is deep in an output', () => {
  const outputs = { load: { token: secret({ key: 'x' }) }, all: secret([secret('y')]) };
  expect(outputMap(exported({ type: 'pulumi:pulumi:Stack', outputs }))).toEqual({
    load: { value: { token: { key: 'x' } }, secret: false },
    all: { value: ['y'], secret: true },
  });
});

it.each([
  ['nothing was ever made', { version: 3, deployment: null }],
  ['there are no outputs', exported({ type: 'pulumi:pulumi:Stack' })],
])('is empty where %s', (_, state) => {
  expect(outputMap(state)).toEqual({});
});
