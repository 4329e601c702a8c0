/** A server that runs already: nothing is set up, and the report says what is not known of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { identity, startServer } from '../support/https-server.ts';
import { bench, CLEAN } from './support/cli.ts';
import { shortProfile } from './support/profiles.ts';
import { directoryOf, readSummary, textFiles } from './support/results.ts';
import { expectVerdict } from './support/verdict.ts';

const profile = shortProfile('elsewhere', 3);

/** Until the end of the test. */
function caFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'certctl-bench-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, identity.ca);
  return file;
}

const targetsAt = (port: number) =>
  ['nginx', 'apache', 'haproxy', 'f5'].flatMap((name) => ['--target', `${name}=127.0.0.1:${port}`]);

test('bench load --base: what the server saw is what the summary says, and its key is nowhere', async () => {
  await using server = await startServer();
  // Of the test server: what it takes for the key.
  process.env.MY_TOKEN = 'secret';
  onTestFinished(() => void delete process.env.MY_TOKEN);
  const where = [
    '--base',
    `https://127.0.0.1:${server.port}`,
    '--token-env',
    'MY_TOKEN',
    '--ca',
    caFile(),
    ...targetsAt(server.port),
  ];
  const ended = await bench('load', '--profile', profile, ...where);
  const directory = directoryOf(ended);
  const summary = readSummary(directory);
  expectVerdict(ended, summary, 'PASSED');
  expect(ended).toMatchObject(CLEAN);
  expect(summary).toMatchObject({
    subject: { kind: 'external', version: 'unknown' },
    environment: { stack: null, postgres: { version: null } },
    notes: [],
  });
  expect(server.seen).toMatchObject({ 'POST /api/v1/certificates': 30, 'GET /': 120 });
  for (const { counts } of Object.values(summary.scenarios)) {
    expect(counts).toMatchObject({ offered: 30, completed: 30 });
  }
  for (const [path, text] of Object.entries(textFiles(directory)))
    expect(text, path).not.toContain('Bearer secret');
});

test('a certificate that is not trusted ends it before the load; --insecure measures it, and says so', async () => {
  await using server = await startServer();
  process.env.CERTCTL_TOKEN = 'secret';
  onTestFinished(() => void delete process.env.CERTCTL_TOKEN);
  const one = ['--set', 'scenarios.*.exec=list_certificates', '--base', `https://127.0.0.1:${server.port}`];
  const refused = await bench('load', '--profile', profile, ...one);
  expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
  expect(refused.stderr).toMatch(/cannot reach the subject's API at https:\/\/127\.0\.0\.1/);
  expect(server.seen).toEqual({});
  const measured = await bench('load', '--profile', profile, ...one, '--insecure');
  const summary = readSummary(directoryOf(measured));
  expectVerdict(measured, summary, 'PASSED');
  expect(summary.notes).toEqual([expect.stringMatching(/TLS was not verified/)]);
  expect(summary.profile.overrides).toEqual(['--set scenarios.*.exec=list_certificates']);
});

test('without --ca the CAs of the system are trusted too', async () => {
  await using server = await startServer();
  const variables = { CERTCTL_TOKEN: 'secret', SSL_CERT_FILE: caFile() };
  Object.assign(process.env, variables);
  onTestFinished(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
  const base = ['--base', `https://127.0.0.1:${server.port}`];
  const ended = await bench('load', '--profile', profile, ...base, ...targetsAt(server.port));
  expectVerdict(ended, readSummary(directoryOf(ended)), 'PASSED');
});
