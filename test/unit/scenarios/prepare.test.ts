import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { OWNER, TEAM } from '../../../infra/inventory.ts';
import { EnvironmentError } from '../../../runner/errors.ts';
import { prepare } from '../../../runner/scenarios/prepare.ts';
import { endpointsAt, type Handler, startServer, type TestServer } from '../../support/https-server.ts';

const TEAMS = '/api/v1/teams';
const OWNERS = '/api/v1/owners';
const CERTIFICATES = '/api/v1/certificates?per_page=1';

/** Keeps what is posted to a collection, and answers a GET of one by its id. */
function inventory(objects: Record<string, unknown> = {}, total: unknown = 7): Handler {
  return async (request, response) => {
    const url = request.url ?? '';
    if (request.headers.authorization !== 'Bearer secret') response.writeHead(401).end();
    else if (request.method === 'POST') {
      const posted = JSON.parse(await text(request));
      objects[`${url}/${posted.id}`] = posted;
      response.writeHead(201).end(JSON.stringify(posted));
    } else if (url === CERTIFICATES) response.end(JSON.stringify({ data: [], total }));
    else response.writeHead(url in objects ? 200 : 404).end(JSON.stringify(objects[url] ?? {}));
  };
}

/** A server without team and owner, but for one request, which has another answer. */
function except(method: string, url: string, status: number, body = ''): Handler {
  const others = inventory();
  return (request, response) => {
    if (request.method === method && request.url === url) response.writeHead(status).end(body);
    else others(request, response);
  };
}

async function prepareAt({ endpoints: { api, ca } }: Pick<TestServer, 'endpoints'>, token = 'secret') {
  if (api === undefined) throw new Error('the test server is no API');
  return prepare({ ...api, token }, { ca });
}

/** The message of the EnvironmentError that it fails with. */
async function failure(preparing: Promise<unknown>): Promise<string> {
  const error: unknown = await preparing.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EnvironmentError);
  const { message } = error as EnvironmentError;
  expect(message).not.toContain('\n');
  return message;
}

test('makes the team and the owner, and finds them the next time', async () => {
  const objects = {};
  await using server = await startServer(inventory(objects));
  await prepareAt(server);
  expect(await prepareAt(server)).toBe(7);
  expect(objects).toEqual({ [`${TEAMS}/${TEAM.id}`]: TEAM, [`${OWNERS}/${OWNER.id}`]: OWNER });
  expect(server.seen).toEqual({
    [`GET ${TEAMS}/t-bench`]: 2,
    [`POST ${TEAMS}`]: 1,
    [`GET ${OWNERS}/o-bench`]: 2,
    [`POST ${OWNERS}`]: 1,
    'GET /api/v1/certificates': 2,
  });
  expect(server.connections).toBe(2);
});

test('keeps a team that is there, whatever it holds, and makes the owner that is not', async () => {
  const team = { id: TEAM.id, name: 'another name' };
  const objects = { [`${TEAMS}/${TEAM.id}`]: team };
  await using server = await startServer(inventory(objects));
  await prepareAt(server);
  expect(objects).toEqual({ [`${TEAMS}/${TEAM.id}`]: team, [`${OWNERS}/${OWNER.id}`]: OWNER });
});

test.each([
  ['GET', `${TEAMS}/t-bench`, 500, 'broken\nmore', 'GET /api/v1/teams/t-bench was answered 500: broken)'],
  ['POST', TEAMS, 500, '{"error":"taken"}\n', 'POST /api/v1/teams was answered 500: {"error":"taken"})'],
  ['GET', `${OWNERS}/o-bench`, 302, '', 'GET /api/v1/owners/o-bench was answered 302: no body)'],
  ['POST', OWNERS, 200, '{}', 'POST /api/v1/owners was answered 200: {})'],
])('says what was answered to %s %s', async (method, url, status, body, said) => {
  await using server = await startServer(except(method, url, status, body));
  expect(await failure(prepareAt(server))).toContain(said);
});

test('cuts a long line', async () => {
  await using server = await startServer(except('POST', TEAMS, 500, 'x'.repeat(10_000)));
  expect((await failure(prepareAt(server))).length).toBeLessThan(400);
});

test('says that the token is refused, without the token', async () => {
  await using server = await startServer(inventory());
  const message = await failure(prepareAt(server, 'wrong-token'));
  expect(message).toMatch(/refuses the token.*use an admin key.*401/);
  expect(message).not.toContain('wrong-token');
});

test('says that the token has no admin role', async () => {
  await using server = await startServer(except('POST', TEAMS, 403, '{"error":"Insufficient permissions"}'));
  expect(await failure(prepareAt(server))).toMatch(/no admin role.*403: .*Insufficient permissions/);
});

test('trusts the given CA only, and the given name only', async () => {
  await using server = await startServer(inventory());
  const { api } = server.endpoints;
  if (api === undefined) throw new Error('the test server is no API');
  expect(await failure(prepare(api, { ca: undefined }))).toMatch(
    /cannot reach the subject's API.*certificate/,
  );
  const renamed = { ...api, servername: 'other.test' };
  expect(await failure(prepare(renamed, server.endpoints))).toContain('other.test');
  expect(server.seen).toEqual({});
});

test('says where nothing listens', async () => {
  const server = await startServer();
  await server[Symbol.asyncDispose]();
  expect(await failure(prepareAt({ endpoints: endpointsAt(server.port) }))).toContain(
    `https://127.0.0.1:${server.port} (`,
  );
});
