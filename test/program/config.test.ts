import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../infra/config.ts';
import { CONFIG_KEYS, TOKEN_KEY } from '../../infra/config-keys.ts';
import { readConfig } from '../../infra/read-config.ts';
import { imageId, PROJECT } from './fake-engine.ts';
import { ROOT } from './stacks.ts';

interface Declared {
  type: string;
  default: string;
  description: string;
}
const project = parse(readFileSync(join(ROOT, 'Pulumi.yaml'), 'utf8')) as {
  name: string;
  config: Record<string, Declared>;
};
const declared = Object.entries(project.config).map(
  ([key, value]) => [key.replace(`${PROJECT}:`, ''), value] as const,
);
const defaults = Object.fromEntries(declared.map(([key, value]) => [key, value.default]));

/** Reads the config as Pulumi gives it to the program: what was set, over the defaults of Pulumi.yaml. */
function read(values: Record<string, string>) {
  const all = Object.entries({ ...defaults, ...values }).map(([key, value]) => [`${PROJECT}:${key}`, value]);
  pulumi.runtime.setAllConfig(Object.fromEntries(all));
  return readConfig();
}

const FILE = join(ROOT, 'package.json');
const FOLDER = join(ROOT, 'fixtures');
const EXTERNAL = { subject: 'external', subjectUrl: 'https://certctl.test:8443', subjectToken: 'key' };

describe('Pulumi.yaml', () => {
  it('declares the keys that the program reads, each with type, default and description', () => {
    expect(declared.map(([key]) => key).sort()).toEqual(Object.keys(configSchema.shape).sort());
    for (const [key, value] of declared) {
      expect(value.type, key).toBe('string');
      expect(typeof value.default, key).toBe('string');
      expect(value.description.length, key).toBeGreaterThan(10);
    }
  });

  it('declares all that a person may set, and what commands set', () => {
    expect(declared.map(([key]) => key).sort()).toEqual([...CONFIG_KEYS, TOKEN_KEY, 'result', 'run'].sort());
  });

  it('has defaults that make a stack', () => {
    expect(read({})).toMatchObject({
      subject: 'stand-in',
      imageSource: 'registry',
      bindAddress: '127.0.0.1',
      standInFaults: undefined,
      result: undefined,
    });
  });

  it('is the project whose config the program reads', () => {
    expect(project.name).toBe(PROJECT);
  });
});

describe('config', () => {
  it.each([
    [{ subject: 'binary', subjectBinary: FILE, subjectMigrations: FOLDER }],
    [{ subject: 'image', subjectImage: 'certctl:v1' }],
    [{ imageSource: 'debian', debianImage: imageId('debian') }],
    [EXTERNAL],
    [{ ...EXTERNAL, limits: '{"nginx":{"memoryMb":64}}' }],
    [{ bindAddress: '::' }],
    [{ bindAddress: '0.0.0.0' }],
    [{ dockerHost: 'ssh://user@host' }],
    [{ dockerHost: 'tcp://10.0.0.1:2376', bindAddress: '10.0.0.1' }],
    [{ dockerHost: 'tcp://127.0.0.1:2375' }],
    [{ standInFaults: '{"delayMs":250,"stallAfterMs":1,"stallForMs":2,"errorRate":0.1,"resetRate":0}' }],
    [{ result: '{"verdict":"PASSED"}' }],
  ])('takes %o', (values) => {
    expect(() => read(values)).not.toThrow();
  });

  it.each([
    [{ subject: 'certctl' }, ['subject must be stand-in, binary, image, dockerfile or external']],
    [{ subject: '' }, ['subject must be']],
    [{ subject: 'binary' }, ['subjectBinary must be set', 'subjectMigrations must be set']],
    [
      { subject: 'binary', subjectBinary: './server', subjectMigrations: 'migrations' },
      ['subjectBinary must be an absolute path', 'subjectMigrations must be an absolute path'],
    ],
    [
      { subject: 'binary', subjectBinary: '/nowhere/server', subjectMigrations: FILE },
      ['subjectBinary must name a file, and /nowhere/server', 'subjectMigrations must name a folder'],
    ],
    [{ subject: 'image', subjectImage: '' }, ['subjectImage must be set for subject image']],
    [{ subject: 'image', standInFaults: '{"delayMs":1}' }, ['standInFaults goes with subject stand-in only']],
    [{ standInFaults: 'delayMs=1' }, ['standInFaults must be a JSON object of delayMs']],
    [{ standInFaults: '[1]' }, ['standInFaults must be a JSON object']],
    [{ standInFaults: '{"delay":1}' }, ['standInFaults may have only delayMs']],
    [{ subject: 'dockerfile' }, ['subjectCheckout must be set']],
    [
      { subject: 'dockerfile', subjectCheckout: FOLDER },
      ['subjectCheckout must name a folder with a Dockerfile'],
    ],
    [{ subject: 'external' }, ['subjectUrl must be set', 'subjectToken must be set']],
    [
      { ...EXTERNAL, subjectUrl: 'http://certctl.test', subjectCaFile: FILE },
      ['subjectUrl must be https://host', 'subjectCaFile must name a PEM file'],
    ],
    [{ ...EXTERNAL, subjectUrl: 'https://certctl.test/api' }, ['subjectUrl must be https://host']],
    [{ ...EXTERNAL, subjectToken: 'two words' }, ['subjectToken must be one word']],
    [
      {
        ...EXTERNAL,
        certctlEnv: '{"CERTCTL_LOG_LEVEL":"warn"}',
        postgresSettings: '{"work_mem":"8MB"}',
        limits: '{"certctl":{"memoryMb":64}}',
      },
      ['certctlEnv does not go', 'postgresSettings does not go', 'limits of certctl and postgres'],
    ],
    [{ agent: 'fake' }, ['agent must be none, real or simulated']],
    [{ agent: 'simulated', sites: '0' }, ['sites must be a whole number from 1 to 500']],
    [{ agent: 'simulated', sites: '3', agents: '4' }, ['agents must be no more than sites (3)']],
    [{ agent: 'simulated', agentPollMs: '20' }, ['agentPollMs must be a whole number from 50']],
    [
      { agent: 'real', agents: '2', agentPollMs: '1000' },
      ['agents must be 1', 'agentPollMs must be 30000', 'agent real needs agentBinary'],
    ],
    [
      { agent: 'real', subject: 'dockerfile', subjectCheckout: FOLDER },
      [
        'subjectCheckout must name a folder with a Dockerfile',
        'agent real needs agentBinary or agentImage, since',
      ],
    ],
    [{ agent: 'real', agentBinary: 'agent' }, ['agentBinary must be an absolute path']],
    [{ agent: 'real', agentBinary: '/nowhere/agent' }, ['agentBinary must name a file, and /nowhere/agent']],
    [
      { agent: 'real', agentBinary: FILE, agentImage: 'a:b' },
      ['agentBinary and agentImage exclude each other'],
    ],
    [{ ...EXTERNAL, agent: 'simulated' }, ['agent must be none for subject external']],
    [{ imageSource: 'docker' }, ['imageSource must be registry or debian']],
    [{ imageSource: 'debian' }, ['debianImage must be set for imageSource debian']],
    [{ debianImage: 'certctl-bench/debian:abc' }, ['debianImage must be empty or a content address']],
    [{ dockerHost: 'hardware.test' }, ['dockerHost must be empty or begin with unix://']],
    [{ dockerHost: 'tcp://' }, ['dockerHost must be']],
    [{ dockerHost: 'tcp://10.0.0.1:2376' }, ['bindAddress must be an address of the engine']],
    [{ dockerHost: 'ssh://:22' }, ['dockerHost must name a machine']],
    [{ dockerHost: 'ssh://far', dockerCertPath: '/' }, ['dockerCertPath goes with a dockerHost of tcp://']],
    [
      { dockerHost: 'tcp://127.0.0.1:1', dockerCertPath: '/usr' },
      ['dockerCertPath must name a folder with ca.pem, cert.pem, key.pem, and /usr has no ca.pem'],
    ],
    [
      { dockerHost: 'tcp://127.0.0.1:1', dockerCertPath: 'certs' },
      ['dockerCertPath must be an absolute path'],
    ],
    [{ bindAddress: 'localhost' }, ['bindAddress must be an IP address']],
    [{ bindAddress: '' }, ['bindAddress must be an IP address']],
    [{ bindAddress: '127.0.0.1:80' }, ['bindAddress must be']],
    [{ result: 'PASSED' }, ['result must be a JSON object']],
    [
      {
        subject: 'certctl',
        standInFaults: '{',
        imageSource: 'debian',
        dockerHost: 'x',
        bindAddress: 'y',
        result: 'z',
      },
      [
        'subject must be',
        'standInFaults must be',
        'debianImage must be set',
        'dockerHost must be',
        'bindAddress must be',
        'result must be',
      ],
    ],
    [
      { subject: 'binary', bindAddress: 'y', standInFaults: '{"delayMs":1}' },
      ['bindAddress must be', 'subjectBinary must be', 'subjectMigrations must be', 'standInFaults goes'],
    ],
  ])('refuses %o', (values, problems) => {
    let message = '';
    try {
      read(values);
    } catch (error) {
      // Pulumi shows a RunError's message alone, without a stack trace.
      expect(pulumi.RunError.isInstance(error)).toBe(true);
      message = (error as Error).message;
    }
    const told = message.replace("the stack's config is wrong: ", '').split('; ');
    for (const problem of problems)
      expect(told).toEqual(expect.arrayContaining([expect.stringContaining(`${PROJECT}:${problem}`)]));
    expect(told, 'all of them, and no other').toHaveLength(problems.length);
    expect(message).not.toContain('\n');
  });
});
