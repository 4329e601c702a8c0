/**
 * Whether a certctl that the bench did not start answers here, and takes the token. It runs as a local.Command; what it
 * prints is what a gate prints. Settings: SUBJECT_URL, SUBJECT_CA (PEM, or empty: those of the system and of Node.js), SUBJECT_TOKEN.
 */
import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const { SUBJECT_URL = '', SUBJECT_CA = '', SUBJECT_TOKEN = '' } = process.env;
const PATIENCE_MS = 3000;
/** A server that is just being started may come up meanwhile. */
const DEADLINE_MS = 6000;
const POLL_MS = 250;

interface Answer {
  status: number;
  body: string;
}

function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const trust = SUBJECT_CA ? { ca: SUBJECT_CA } : {};
    const request = https.get(`${SUBJECT_URL}${path}`, {
      agent: false,
      timeout: PATIENCE_MS,
      headers,
      ...trust,
    });
    request.once('error', reject);
    request.once('timeout', () => request.destroy(new Error('no answer within 3 s')));
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
  });
}

/** @throws Error with what is wrong and what helps */
async function ask(): Promise<string> {
  await expectOk('/ready', 'it is not ready; see its log');
  const version = await expectOk('/api/v1/version', 'it is no certctl; correct certctl-bench:subjectUrl');
  await expectOk(
    '/api/v1/certificates?per_page=1',
    'it refuses the token; give an admin key of it (BENCH_SUBJECT_TOKEN, or certctl-bench:subjectToken)',
    { authorization: `Bearer ${SUBJECT_TOKEN}` },
  );
  return version;
}

async function expectOk(path: string, otherwise: string, headers?: Record<string, string>): Promise<string> {
  const { status, body } = await get(path, headers);
  if (status === 200) return body;
  throw new Refusal(`answers ${status} to GET ${path}: ${otherwise}`);
}

class Refusal extends Error {}

function explain(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (/CERT|SIGNATURE|ALTNAME/.test(code))
    return `is not trusted (${message}); give the CA that signed its certificate with certctl-bench:subjectCaFile`;
  return `cannot be reached (${message || code}); check certctl-bench:subjectUrl, and that it runs`;
}

const until = performance.now() + DEADLINE_MS;
for (;;) {
  try {
    console.log(JSON.stringify({ readyAfterMs: Math.round(performance.now()), answer: await ask() }));
    process.exit(0);
  } catch (error) {
    const isFinal = error instanceof Refusal && !error.message.includes('/ready');
    if (isFinal || performance.now() > until) {
      console.error(`the external certctl at ${SUBJECT_URL} ${explain(error)}`);
      process.exit(1);
    }
  }
  await sleep(POLL_MS);
}
