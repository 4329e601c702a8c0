import { expect, test } from 'vitest';
import { apiTrust } from '../../../runner/engine/endpoints.ts';
import { requireHttpVersion } from '../../../runner/scenarios/http-version.ts';
import { startServer, type TestServer } from '../../support/https-server.ts';
import { plannedScenario } from '../../support/plans.ts';

const h2 = plannedScenario({ httpVersion: 2 });

function ask({ endpoints }: TestServer, ...scenarios: (typeof h2)[]) {
  const { api = expect.unreachable() } = endpoints;
  return requireHttpVersion(scenarios, api, apiTrust(endpoints));
}

test('a server with HTTP/2 is right, and where no scenario asks for it nobody is asked', async () => {
  await using both = await startServer(undefined, { allowHTTP1: true });
  await expect(ask(both, plannedScenario(), h2)).resolves.toBeUndefined();
  await using old = await startServer();
  await expect(ask(old, plannedScenario())).resolves.toBeUndefined();
  expect(old.connections).toBe(0);
});

test('a server that has gone: 3', async () => {
  const old = await startServer();
  await old[Symbol.asyncDispose]();
  await expect(ask(old, h2)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/^cannot ask the subject at \S+ for HTTP\/2 \(connect ECONNREFUSED/),
  });
});

test('a server without it: 3, and the scenario is named', async () => {
  await using old = await startServer();
  await expect(ask(old, plannedScenario(), h2)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(
      /does not offer HTTP\/2, which list_certificates asks for: httpVersion: 1\.1$/,
    ),
  });
});
