import { expect, it } from 'vitest';
import { exposure } from '../../../runner/stack/exposure.ts';

it.each([
  [{}],
  [{ bindAddress: '::1' }],
  [{ dockerHost: 'ssh://far.test', bindAddress: '127.0.0.1' }],
  [{ dockerHost: 'tcp://127.0.0.1:2375' }],
])('%j is open to nobody', (config) => {
  expect(exposure(config)).toEqual([]);
});

it('what is published beyond loopback is told with what protects it and what does not', () => {
  const [line, ...others] = exposure({
    dockerHost: 'tcp://192.0.2.7:2376',
    dockerCertPath: '/certificates',
    bindAddress: '192.0.2.7',
  });
  expect(line).toMatch(
    /192\.0\.2\.7\. certctl's API is protected by TLS.*targets answer anybody.*without TLS/,
  );
  expect(others).toEqual([]);
});

it('with agents, so is the database', () => {
  const open = { bindAddress: '0.0.0.0', agent: 'simulated' };
  const [, line] = exposure(open);
  expect(line).toMatch(/agents PostgreSQL is published at 0\.0\.0\.0 too, without TLS/);
  expect(exposure({ ...open, agent: 'none' })).toHaveLength(1);
  expect(exposure({ ...open, bindAddress: '127.0.0.1' })).toEqual([]);
});

it('an engine that asks for no certificate is told', () => {
  const lines = exposure({ dockerHost: 'tcp://192.0.2.7:2375', bindAddress: '192.0.2.7' });
  expect(lines[0]).toMatch(/tcp:\/\/192\.0\.2\.7:2375 asks for no certificate.*--docker-cert-path/);
  expect(lines).toHaveLength(2);
});
