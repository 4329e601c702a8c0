/** The readiness gate on containers that will not become ready: it says so long before its deadline. */
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type GateSettings, toEnvironment } from '../../infra/gate/settings.ts';
import { projectRoot } from '../../runner/paths.ts';
import { bench } from '../support/checkout.ts';

const LABEL = 'certctl-bench.test=gate';

let env: { DOCKER_HOST: string };
let image = '';

beforeAll(async () => {
  const { stdout } = await bench(projectRoot, ['setup', '--yes', '--json'], {});
  const ready = JSON.parse(stdout);
  env = { DOCKER_HOST: ready.engine.host };
  image = ready.debianImage ?? 'nginx:1.27-alpine';
});

afterEach(async () => {
  const { stdout } = await execa('docker', ['ps', '--all', '--quiet', '--filter', `label=${LABEL}`], { env });
  for (const id of stdout.split('\n').filter(Boolean)) await execa('docker', ['rm', '--force', id], { env });
});

/** Starts a container and waits at its gate, which it never opens. */
async function wait(flags: string[], ...command: string[]): Promise<{ said: string; seconds: number }> {
  const run = ['run', '--detach', '--label', LABEL, '--network', 'none', ...flags, image, ...command];
  const { stdout: container } = await execa('docker', run, { env });
  const settings: GateSettings = {
    ...{ name: 'target', container, oneShot: false, exec: [['false']], listening: [], answering: [] },
    ...{ ca: '', servername: '', deadlineMs: 120_000, tunnel: '' },
  };
  const started = performance.now();
  const gate = await execa(process.execPath, [join(projectRoot, 'infra/gate/main.ts')], {
    env: { ...env, ...toEnvironment(settings) },
    reject: false,
  });
  expect(gate.exitCode).toBe(1);
  return { said: gate.stderr, seconds: (performance.now() - started) / 1000 };
}

const health = (test: string) => [
  ...['--health-cmd', test, '--health-interval', '1s', '--health-retries', '1'],
];

test('a container that turns unhealthy ends the waiting, with what the check said', async () => {
  const { said, seconds } = await wait(health('echo sick; exit 1'), 'sh', '-c', 'echo hello; sleep 300');
  expect(said).toBe('target is unhealthy (sick). Its last log lines:\nhello');
  expect(seconds).toBeLessThan(30);
});

test.each([
  ['exit 127', 'exited with code 127 (its program is not in the image)'],
  ['exit 126', 'exited with code 126 (its program cannot be executed)'],
  ['exit 137', 'exited with code 137 (killed, as when the memory limit is reached)'],
  ['echo bye; exit 5', 'exited with code 5. Its last log lines:\nbye'],
])('a container that exits ends the waiting: %s', async (script, words) => {
  const { said, seconds } = await wait([], 'sh', '-c', script);
  expect(said).toContain(`target ${words}`);
  expect(seconds).toBeLessThan(30);
});
