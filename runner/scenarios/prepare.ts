/** Makes what the scenarios need in the subject, over its API, before anything is measured. */
import { Client } from 'undici';
import { OWNER, TEAM } from '../../infra/inventory.ts';
import type { ApiEndpoint, Endpoints } from '../engine/contract.ts';
import { EnvironmentError } from '../errors.ts';
import { parseObject } from './json.ts';

/** Of connecting, of the headers and of the body, each. */
const TIMEOUT_MS = 10_000;
/** An answer's line in a message is cut here. */
const MAX_LINE = 200;

/**
 * Makes the team and the owner of the certificates; those that are there stay as they are. Not part of the
 * measurement: a connection of its own, which is closed at the end.
 *
 * @param trusted the CA, as of the endpoints
 * @returns how many certificates it has before the load; null where it does not say
 * @throws EnvironmentError where the subject is not reached or trusted, refuses the token, or answers otherwise
 */
export async function prepare(
  api: ApiEndpoint,
  { ca, insecure = false }: Pick<Endpoints, 'ca' | 'insecure'>,
): Promise<number | null> {
  const client = new Client(api.url, {
    allowH2: false,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connect: {
      timeout: TIMEOUT_MS,
      rejectUnauthorized: !insecure,
      ...(ca !== undefined && { ca }),
      ...(api.servername !== undefined && { servername: api.servername }),
    },
  });
  try {
    // An owner belongs to a team, which must be there first.
    await ensure(client, api, '/api/v1/teams', TEAM);
    await ensure(client, api, '/api/v1/owners', OWNER);
    return await certificates(client, api);
  } finally {
    await client.destroy();
  }
}

async function ensure(client: Client, api: ApiEndpoint, collection: string, wanted: { id: string }) {
  const path = `${collection}/${wanted.id}`;
  const found = await call(client, api, 'GET', path);
  if (found.status === 200) return;
  if (found.status !== 404) throw unexpected(`GET ${path}`, found);
  const created = await call(client, api, 'POST', collection, wanted);
  if (created.status !== 201) throw unexpected(`POST ${collection}`, created);
}

async function certificates(client: Client, api: ApiEndpoint): Promise<number | null> {
  const path = '/api/v1/certificates?per_page=1';
  const list = await call(client, api, 'GET', path);
  if (list.status !== 200) throw unexpected(`GET ${path}`, list);
  const total = parseObject(list.text)?.total;
  return typeof total === 'number' ? total : null;
}

interface Answer {
  status: number;
  text: string;
}

async function call(
  client: Client,
  api: ApiEndpoint,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Answer> {
  try {
    const answer = await client.request({
      method,
      path,
      headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  } catch (cause) {
    const { message } = cause as Error;
    throw new EnvironmentError(
      `cannot reach the subject's API at ${api.url} (${message}): check that it runs and is what the stack says`,
      { cause },
    );
  }
}

function unexpected(request: string, { status, text }: Answer): EnvironmentError {
  const line = text.trim().split('\n', 1)[0]?.slice(0, MAX_LINE) || 'no body';
  const answer = `${request} was answered ${status}: ${line}`;
  if (status === 401 || status === 403) {
    return new EnvironmentError(
      `the subject refuses the token, or the token has no admin role: use an admin key of it (${answer})`,
    );
  }
  return new EnvironmentError(`cannot prepare the subject, see its log (${answer})`);
}
