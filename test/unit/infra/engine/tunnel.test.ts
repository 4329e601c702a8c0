import { afterEach, describe, expect, it, vi } from 'vitest';
import { openTunnel } from '../../../../infra/engine/tunnel.ts';
import { FakePrograms } from '../../../support/fake-program.ts';

afterEach(() => vi.unstubAllEnvs());

/** An ssh that does as the script says. */
async function ssh(script: string): Promise<FakePrograms> {
  const programs = await FakePrograms.make({ ssh: script });
  vi.stubEnv('PATH', programs.path);
  return programs;
}

const CONNECTS = 'echo ready; cat; echo ended > "$0.state"';

describe('a tunnel', () => {
  it('is one ssh for all ports, each with a port of this machine', async () => {
    await using programs = await ssh(CONNECTS);
    const tunnel = await openTunnel('ssh://me@far.test:2222', '127.0.0.1', [8443, 8081]);
    const [call = '', ...others] = await programs.calls('ssh');
    expect(others).toEqual([]);
    for (const port of [8443, 8081])
      expect(call).toContain(`-L 127.0.0.1:${tunnel.portTo(port)}:127.0.0.1:${port}`);
    expect(tunnel.portTo(8443)).not.toBe(tunnel.portTo(8081));
    expect(call).toMatch(/-l me -p 2222 -- far\.test echo ready; exec cat$/);
    await tunnel.close();
  });

  it('brackets an IPv6 address over there', async () => {
    await using programs = await ssh(CONNECTS);
    const tunnel = await openTunnel('ssh://far.test', '::1', [8443]);
    expect((await programs.calls('ssh'))[0]).toContain(`:[::1]:8443 `);
    await tunnel.close();
  });

  it('fails with the words of ssh', async () => {
    await using programs = await ssh('echo "Host key verification failed." >&2; exit 255');
    await expect(openTunnel('ssh://far.test', '127.0.0.1', [1])).rejects.toThrow(
      'Host key verification failed.',
    );
    expect(await programs.calls('ssh')).toHaveLength(1);
  });

  it('is tried again where the server has too many logins at once', async () => {
    await using programs = await ssh(
      `[ -e "$0.state" ] || { touch "$0.state"; echo "kex_exchange_identification: read: Connection reset by peer" >&2; exit 255; }
       ${CONNECTS}`,
    );
    const tunnel = await openTunnel('ssh://far.test', '127.0.0.1', [1]);
    expect(await programs.calls('ssh')).toHaveLength(2);
    await tunnel.close();
  });
});
