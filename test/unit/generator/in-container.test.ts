/** The true generator, bundled and uploaded, in the hands of a docker command that runs it as a plain process. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { EnvironmentError } from '../../../runner/errors.ts';
import { generateInContainer } from '../../../runner/generator/in-container.ts';
import { loadProfile } from '../../../runner/profiles/load.ts';
import { temporaryRoot } from '../../../runner/stack/temporary.ts';
import { FakePrograms } from '../../support/fake-program.ts';
import { endpointsAt, startServer } from '../../support/https-server.ts';
import { plannedScenario, planOf } from '../../support/plans.ts';

vi.mock(import('../../../runner/paths.ts'), async (original) =>
  (await import('../../support/temporary-paths.ts')).temporaryPaths(original),
);

const place = {
  dockerHost: 'tcp://far.test:2376',
  bench: {
    stack: 'dev',
    incarnation: 'ab12',
    network: 'net-1',
    images: { 'tls-init': { id: 'sha256:node', name: 'node', source: 'registry' as const } },
  },
};
const RUNS = `exec '${process.execPath}' "$0.files/opt/bench/generator/inside.mjs"`;

const profile = await loadProfile('smoke');

afterEach(() => vi.unstubAllEnvs());

/** @param start what `docker start` does */
async function docker(start = RUNS): Promise<FakePrograms> {
  const programs = await FakePrograms.make({
    docker: `[ "$DOCKER_HOST" = ${place.dockerHost} ] || exit 64
      env >> "$0.calls"
      case $1 in
        create) echo c0ffee ;;
        cp) mkdir "$0.files"; cp -R "$2" "$0.files" ;;
        start) ${start} ;;
        rm) ;;
        *) exit 64 ;;
      esac`,
  });
  vi.stubEnv('PATH', programs.path);
  return programs;
}

const never = new AbortController().signal;

it('takes a plan and gives back what the server saw, with progress, and leaves no container', async () => {
  await using programs = await docker();
  await using server = await startServer();
  const plan = planOf(plannedScenario({ arrivals: 75 }), plannedScenario({ kind: 'nginx_handshake' }));
  const seconds: number[] = [];
  const { result, host, versions } = await generateInContainer(
    { plan, profile, endpoints: server.endpoints },
    place,
    ({ elapsedMs }) => seconds.push(elapsedMs),
    never,
  );
  const { list_certificates: list, nginx_handshake: handshake } = result.scenarios;
  expect(list?.counts).toMatchObject({ offered: 75, completed: 75 });
  expect(list?.trends.response_time.totalCount).toBe(75);
  expect(handshake?.counts.completed).toBe(50);
  // One more asks how many there are, before the load.
  expect(server.seen).toMatchObject({ 'GET /api/v1/certificates': 76, 'GET /': 50 });
  expect(seconds.length).toBeGreaterThan(0);
  expect(host.cpus).toBeGreaterThan(0);
  expect(versions.node).toBe(process.versions.node);

  const calls = (await programs.calls('docker')).join('\n');
  expect(calls).toMatch(/^create .*--network net-1 .*--entrypoint node sha256:node /m);
  for (const label of ['stack=dev', 'incarnation=ab12', 'service=generator'])
    expect(calls).toContain(`--label certctl-bench.${label}`);
  expect(calls).toMatch(/^rm --force c0ffee$/m);
  const [, staged = ''] = /^cp (.*)\/\. c0ffee:\/$/m.exec(calls) ?? [];
  expect(staged.startsWith(`${temporaryRoot}/`), 'where sweep looks, should it be killed').toBe(true);
  expect(readdirSync(join(staged, '..'))).toEqual(['holders']);
  expect(calls, 'the key is in no command line and no environment').not.toContain('secret');
});

it('ends early where it is told to, with what was measured until then', async () => {
  await using _ = await docker();
  await using server = await startServer();
  const plan = planOf(plannedScenario({ arrivals: 5000 }));
  const stopping = new AbortController();
  const running = generateInContainer(
    { plan, profile, endpoints: server.endpoints },
    place,
    () => stopping.abort(),
    stopping.signal,
  );
  const { result } = await running;
  expect(result.interrupted).toBe(true);
  const { offered, completed } = result.scenarios.list_certificates?.counts ?? {};
  expect(completed).toBeGreaterThan(0);
  expect(offered).toBeLessThan(5000);
});

it('a threshold with abortOnFail ends it there too', async () => {
  await using _ = await docker();
  await using server = await startServer();
  const long = { threshold: 'min<0', abortOnFail: true, delayAbortEval: 0 };
  const job = {
    plan: planOf(plannedScenario({ arrivals: 5000 })),
    profile: { ...profile, thresholds: { response_time: [long] } },
    endpoints: server.endpoints,
  };
  const { result } = await generateInContainer(job, place, () => {}, never);
  expect(result).toMatchObject({ interrupted: false, aborted: { expression: 'min<0' } });
  expect(result.scenarios.list_certificates?.counts.offered).toBeLessThan(5000);
});

it('ends by itself where the command has gone', async () => {
  // Its input ends after the job, as when the command is killed.
  await using _ = await docker(`head -n 1 | ${RUNS.replace('exec ', '')}`);
  await using server = await startServer();
  const plan = planOf(plannedScenario({ arrivals: 5000 }));
  const { result } = await generateInContainer(
    { plan, profile, endpoints: server.endpoints },
    place,
    () => {},
    never,
  );
  expect(result.interrupted).toBe(true);
});

it('fails with the words and the exit code of the generator', async () => {
  await using _ = await docker();
  const job = { plan: planOf(plannedScenario()), profile, endpoints: endpointsAt(1) };
  const failed = generateInContainer(job, place, () => {}, never);
  await expect(failed).rejects.toThrow(/^cannot reach the subject's API at https:\/\/127\.0\.0\.1:1 /);
  await expect(failed).rejects.toMatchObject({ exitCode: 3 });
});

it.each([
  [
    'echo "exec format error" >&2; exit 1',
    /^the generator's container ended without a result: exec format error$/,
  ],
  ['exit 137', /ended without a result: exit code 137$/],
])('a container that does %j is told', async (start, words) => {
  await using _ = await docker(start);
  const job = { plan: planOf(plannedScenario()), profile, endpoints: endpointsAt(1) };
  const failed = generateInContainer(job, place, () => {}, never);
  await expect(failed).rejects.toThrow(EnvironmentError);
  await expect(failed).rejects.toThrow(words);
});
