import { describe, expect, it } from 'vitest';
import {
  dockerEnvironment,
  isRemote,
  needsTunnel,
  providerArgs,
  servedAt,
} from '../../../../infra/engine/address.ts';
import { sshDestination } from '../../../../infra/engine/ssh.ts';

const SSH = 'ssh://bench@hardware.test:2222';
const TCP = 'tcp://192.0.2.7:2376';

describe('the provider and the docker CLI', () => {
  it('are left alone where no engine is named', () => {
    const none = { dockerHost: '', dockerCertPath: '' };
    expect(providerArgs(none)).toEqual({});
    expect(dockerEnvironment(none)).toEqual({});
  });

  it('ask the same engine by the same certificates', () => {
    const engine = { dockerHost: TCP, dockerCertPath: '/certificates' };
    expect(providerArgs(engine)).toEqual({ host: TCP, certPath: '/certificates' });
    expect(dockerEnvironment(engine)).toEqual({
      DOCKER_HOST: TCP,
      DOCKER_CERT_PATH: '/certificates',
      DOCKER_TLS_VERIFY: '1',
    });
  });

  it('do not take certificates of the person for an engine that has none', () => {
    expect(dockerEnvironment({ dockerHost: SSH, dockerCertPath: '' })).toEqual({
      DOCKER_HOST: SSH,
      DOCKER_CERT_PATH: '',
      DOCKER_TLS_VERIFY: '',
    });
  });

  it('have SSH fail rather than ask', () => {
    const { sshOpts } = providerArgs({ dockerHost: SSH, dockerCertPath: '' });
    expect(sshOpts).toContain('BatchMode=yes');
  });
});

it.each([
  [SSH, ['-l', 'bench', '-p', '2222', '--', 'hardware.test']],
  ['ssh://hardware.test', ['--', 'hardware.test']],
  ['ssh://[2001:db8::7]:22', ['-p', '22', '--', '2001:db8::7']],
])('%s is to ssh %j', (dockerHost, args) => {
  expect(sshDestination(dockerHost)).toEqual(args);
});

it.each([
  ['', false],
  ['unix:///var/run/docker.sock', false],
  ['tcp://127.0.0.1:2375', false],
  ['tcp://[::1]:2375', false],
  ['tcp://localhost:2375', false],
  [TCP, true],
  [SSH, true],
])('an engine at "%s" is remote: %s', (dockerHost, remote) => {
  expect(isRemote(dockerHost)).toBe(remote);
});

it.each([
  ['', '127.0.0.1', '127.0.0.1'],
  ['', '0.0.0.0', '127.0.0.1'],
  ['unix:///x.sock', '::', '::1'],
  [TCP, '0.0.0.0', '192.0.2.7'],
  [TCP, '10.0.0.7', '10.0.0.7'],
  ['tcp://[2001:db8::7]:2376', '::', '2001:db8::7'],
  [SSH, '0.0.0.0', 'hardware.test'],
  [SSH, '127.0.0.1', '127.0.0.1'],
])('what an engine at "%s" publishes at %s is reached at %s', (dockerHost, bindAddress, host) => {
  expect(servedAt({ dockerHost, bindAddress })).toBe(host);
});

it('a tunnel leads to loopback behind SSH, and nowhere else', () => {
  expect(needsTunnel(SSH, '127.0.0.1')).toBe(true);
  expect(needsTunnel(SSH, '::1')).toBe(true);
  expect(needsTunnel(SSH, 'hardware.test')).toBe(false);
  expect(needsTunnel(TCP, '127.0.0.1')).toBe(false);
  expect(needsTunnel('', '127.0.0.1')).toBe(false);
});
