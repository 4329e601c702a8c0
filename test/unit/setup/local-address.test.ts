import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isLocalAddress, isLocalEngine } from '../../../runner/setup/local-address.ts';

const interfaces = {
  eth0: [{ address: '198.51.100.7' }, { address: '2001:db8::7' }] as NetworkInterfaceInfo[],
};

describe('isLocalAddress', () => {
  it.each(['127.0.0.1', '127.9.9.9', '0.0.0.0', '::', '::1', '198.51.100.7', '2001:db8::7'])(
    '%s is here',
    (address) => {
      expect(isLocalAddress(address, interfaces)).toBe(true);
    },
  );

  it.each(['198.51.100.8', '10.0.0.1', '2001:db8::8'])('%s is not', (address) => {
    expect(isLocalAddress(address, interfaces)).toBe(false);
  });
});

describe('isLocalEngine', () => {
  it.each([
    ['', {}, true],
    ['unix:///x.sock', { DOCKER_HOST: 'tcp://far:2376' }, true],
    ['', { DOCKER_HOST: 'ssh://far' }, false],
    ['tcp://far:2376', {}, false],
  ])('%o with %o: %o', (dockerHost, env, local) => {
    expect(isLocalEngine(dockerHost, env)).toBe(local);
  });
});
