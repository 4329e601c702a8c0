import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { cleanUp, seed } from '../../../runner/rows.ts';
import { stackDatabase } from '../../../runner/stack/stack-database.ts';
import { FakePrograms } from '../../support/fake-program.ts';

const HOST = 'tcp://far.test:2376';
const CREATED = '2026-01-31 12:00:00 +0000 UTC';
const line = (id: string, stack: string, incarnation: string, service: string) =>
  [id, stack, incarnation, service, 'Up 2 minutes', CREATED].join('\\t');
const CONTAINERS = [
  line('other1', 'other', 'ab12', 'postgres'),
  line('before', 'dev', '0000', 'postgres'),
  line('nginx1', 'dev', 'ab12', 'nginx'),
  line('c0ffee', 'dev', 'ab12', 'postgres'),
].join('\\n');

const said: string[] = [];
const database = stackDatabase({ stack: 'dev', incarnation: 'ab12' }, HOST);
const rows = { database, runId: '20261125T031500Z-a1b2c3', say: (text: string) => said.push(text) };

afterEach(() => {
  vi.unstubAllEnvs();
  said.length = 0;
});

/** @param psql what the database does */
async function docker(psql: string, containers = CONTAINERS): Promise<FakePrograms> {
  const programs = await FakePrograms.make({
    docker: `[ "$DOCKER_HOST" = ${HOST} ] || exit 64
      case $1 in
        ps) printf '${containers}\\n' ;;
        exec) cat >> "$0.sql"; ${psql} ;;
        *) exit 64 ;;
      esac`,
  });
  vi.stubEnv('PATH', programs.path);
  return programs;
}

it("seeds and cleans up in the PostgreSQL of the stack's own incarnation, by what marks the run", async () => {
  await using programs = await docker('echo 42');
  await seed(100, rows);
  expect(await cleanUp(rows)).toBe(true);
  expect(said).toEqual([
    'Seed rows: 42 made, so that there are at least 100 certificates before the load',
    'Cleaned up: 42 certificates of this run',
  ]);
  const calls = await programs.calls('docker');
  for (const call of calls.filter((one) => one.startsWith('exec ')))
    expect(call).toMatch(/^exec --interactive c0ffee sh -c PGPASSWORD="\$POSTGRES_PASSWORD" exec psql /);
  const sql = await readFile(join(programs.bin, 'docker.sql'), 'utf8');
  expect(sql).toContain("'20261125t031500z-a1b2c3.' || n || '.seed'");
  expect(sql).toContain('generate_series(1, 100 - (SELECT count(*) FROM managed_certificates))');
  expect(sql).toContain("DELETE FROM managed_certificates WHERE id LIKE 'mc-20261125t031500z-a1b2c3.%'");
});

it('asks nobody where no rows are wanted', async () => {
  await using programs = await docker('exit 1');
  await seed(0, rows);
  expect(await programs.calls('docker')).toEqual([]);
});

it("fails with PostgreSQL's first words before the load, and tells a clean-up that failed", async () => {
  await using _ = await docker('echo "ERROR:  no such table" >&2; echo "LINE 1:" >&2; exit 3');
  await expect(seed(1, rows)).rejects.toMatchObject({
    exitCode: 3,
    message: 'PostgreSQL of stack dev: ERROR:  no such table',
  });
  expect(await cleanUp(rows)).toBe(false);
  expect(said.join()).toMatch(
    /^the certificates of run \S+ were not cleaned up: PostgreSQL of stack dev: ERROR/,
  );
});

it('says so where the container has gone', async () => {
  await using _ = await docker('exit 1', line('nginx1', 'dev', 'ab12', 'nginx'));
  await expect(seed(1, rows)).rejects.toThrow('stack dev has no PostgreSQL; "bench up" brings it back');
});

it('is refused where there is no database', async () => {
  const without = { ...rows, database: undefined };
  await expect(seed(1, without)).rejects.toMatchObject({ exitCode: 2 });
  expect(await cleanUp(without)).toBe(false);
});
