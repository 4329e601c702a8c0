import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { expect, it, vi } from 'vitest';
import { benchOutputsSchema } from '../../infra/outputs.ts';
import { sitesOf } from '../../infra/sites.ts';
import { TARGET_NAMES } from '../../infra/targets.ts';
import { imageId, secretOf } from './fake-engine.ts';
import { configWith, DEBIAN, ofType, ROOT, type Run, run, settled } from './stacks.ts';

// What is in the files is not the matter here, and bundling them takes longer than all the rest.
vi.mock(import('../../infra/bundle.ts'), () => ({
  readFixture: (path) => `text of ${path}`,
  bundleFixture: (path) => `bundle of ${path}`,
}));

const names = TARGET_NAMES.flatMap((target) => [1, 2].map((index) => `bench-${target}-${index}`));
const ids = Object.fromEntries(names.map((name) => [name, `agent-${name}`]));
const line = JSON.stringify({ answer: JSON.stringify({ agents: ids }) });
const REAL = { agent: 'real', agentBinary: join(ROOT, 'package.json') } as const;

const stackOf = (keys: Parameters<typeof configWith>[0]) =>
  run(configWith(keys), { stdout: { 'deploy-init-ready': line, 'agent-image': imageId('agent') } });
const simulated = await stackOf({ agent: 'simulated', agents: 2, agentPollMs: 100, sites: 3 });
const real = await stackOf({ ...REAL, ...DEBIAN });
const none = await run(configWith());

const agentsOf = (stack: Run) =>
  ofType(stack, 'Container').filter(({ name }) => name.endsWith('-agent-client'));
const inputsOf = (stack: Run, name: string) => stack.resources.get(name)?.inputs ?? {};
const uploads = (stack: Run, name: string) =>
  inputsOf(stack, name).uploads as { file: string; content: string }[];

it('has no agents, no sites and no published database unless told otherwise', () => {
  expect(agentsOf(none)).toEqual([]);
  expect(none.resources.has('deploy-init-once')).toBe(false);
  expect(inputsOf(none, 'postgres-server').ports).toEqual([]);
  expect(none.outputs.databaseUrl).toBeUndefined();
  expect(none.bench.deploy).toBeUndefined();
  expect(JSON.stringify(inputsOf(none, 'tls-init-once'))).not.toContain('TLS_INIT_SITES');
});

it.each([
  ['simulated', simulated],
  ['real', real],
])('%s agents stand beside their target: its processes, its files, its ids', (_, stack) => {
  expect(agentsOf(stack).map(({ name }) => name)).toEqual(TARGET_NAMES.map((name) => `${name}-agent-client`));
  for (const target of TARGET_NAMES) {
    const { name, inputs, dependencies } = stack.resources.get(`${target}-agent-client`) ?? {};
    expect(inputs?.pidMode, name).toMatch(/^container:./);
    expect(inputs?.user).toBe('root');
    expect(inputs?.volumes).toMatchObject([{ containerPath: '/certs', readOnly: false }]);
    expect(inputs?.envs).toContain('CERTCTL_SERVER_URL=https://certctl:8443');
    const own = stack === simulated ? [1, 2] : [1];
    expect(inputs?.envs).toContain(
      `CERTCTL_AGENT_ID=${own.map((index) => `agent-bench-${target}-${index}`)}`,
    );
    expect(dependencies).toEqual(
      expect.arrayContaining(['deploy-init-ready', `${target}-server`, `${target}-ready`]),
    );
  }
});

it('only simulated agents are told an interval, and only the real one is what was built', () => {
  const [one] = agentsOf(simulated);
  expect(one?.inputs.envs).toContain('AGENT_POLL_INTERVAL_MS=100');
  const [other] = agentsOf(real);
  expect(JSON.stringify(other?.inputs.envs)).not.toContain('INTERVAL');
  expect(other?.inputs.image).toBe(imageId('agent'));
  expect(other?.inputs.command).toContain('/app/agent');
});

it('the agent of a checkout is built by its Dockerfile.agent, its server by its Dockerfile, and runs as its image does', async () => {
  const checkout = await stackOf({
    ...{ agent: 'real', subject: 'dockerfile', subjectCheckout: join(ROOT, 'fixtures/postgres') },
  });
  const built = ofType(checkout, 'Command')
    .filter(({ inputs }) => inputs.create === 'exec node subject/build-checkout.ts')
    .map(({ name, inputs }) => ({ name, ...(inputs.environment as Record<string, string>) }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
  expect(built).toMatchObject([
    { name: 'agent-image', SUBJECT_PROGRAM: 'certctl-agent', SUBJECT_DOCKERFILE: 'Dockerfile.agent' },
    { name: 'certctl-image', SUBJECT_PROGRAM: 'certctl', SUBJECT_DOCKERFILE: 'Dockerfile' },
  ]);
  const tags = built.map((one) => ('SUBJECT_TAG' in one ? one.SUBJECT_TAG : ''));
  expect(new Set(tags).size).toBe(2);
  const [one] = agentsOf(checkout);
  expect(one?.inputs.image).toBe(imageId('agent'));
  expect(one?.inputs.command).toBeUndefined();
});

it('the targets’ configs have each site, with its own files', () => {
  for (const { servername, files } of sitesOf('nginx', 3)) {
    const conf = uploads(simulated, 'nginx-server').find(({ file }) => file.endsWith('sites.conf'));
    expect(conf?.content).toContain(`server_name ${servername};`);
    expect(conf?.content).toContain(`ssl_certificate_key ${files}.key;`);
  }
  const haproxy = uploads(simulated, 'haproxy-server').find(({ file }) => file.endsWith('certificates.txt'));
  const [first] = sitesOf('haproxy', 1);
  expect(haproxy?.content.split('\n').slice(0, 2)).toEqual([
    '/certs/target.pem',
    `${first?.files}.pem ${first?.servername}`,
  ]);
  const own = sitesOf('f5', 3).map(({ servername }) => servername);
  expect(inputsOf(simulated, 'f5-server').envs).toEqual([`F5_SITES=${own}`]);
});

it('deploy-init is told what to make, the sites shared out among the agents, and its secrets are marked', () => {
  const { secretInputs } = simulated.resources.get('deploy-init-once') ?? {};
  const plan = JSON.parse(uploads(simulated, 'deploy-init-once')[1]?.content ?? '');
  expect(plan.agents).toEqual(names);
  expect(plan.sites).toHaveLength(3 * TARGET_NAMES.length);
  const agents = plan.sites.slice(0, 3).map(({ agent }: { agent: string }) => agent);
  expect(agents).toEqual(['bench-nginx-1', 'bench-nginx-2', 'bench-nginx-1']);
  expect(plan.sites[0]).toMatchObject({
    target: {
      ...{ id: 'tgt-nginx-001', type: 'NGINX' },
      config: { reload_command: 'chroot /proc/1/root nginx -c /etc/bench/nginx.conf -s reload' },
    },
    certificate: {
      id: 'mc-nginx-001',
      common_name: 'nginx-001.certctl-bench.test',
      environment: 'production',
    },
  });
  expect(secretInputs).toContain('envs');
});

it('the commands are those of what is in the image', () => {
  const commandOf = (stack: Run) => uploads(stack, 'deploy-init-once')[1]?.content;
  expect(commandOf(simulated)).toContain('/usr/local/apache2/bin/httpd');
  expect(commandOf(real)).toContain('/usr/sbin/apache2');
});

it('the contract says what is deployed to, and the way to the database is a secret beside it', async () => {
  const { bench, databaseUrl } = simulated.outputs;
  const outputs = { bench: await settled(bench), apiKey: 'x', databaseUrl: await settled(databaseUrl) };
  const { deploy } = benchOutputsSchema.parse(outputs).bench;
  expect(deploy).toMatchObject({ agent: 'simulated', agents: 2, pollMs: 100 });
  expect(deploy?.sites.nginx?.[2]).toEqual({
    servername: 'nginx-003.certctl-bench.test',
    certificate: 'mc-nginx-003',
    target: 'tgt-nginx-003',
  });
  expect(deploy?.database.inside).toEqual({ host: 'postgres', port: 5432 });
  expect(real.bench.deploy?.pollMs).toBe(30_000);
  expect(await pulumi.isSecret(databaseUrl as pulumi.Output<string>)).toBe(true);
  expect(await settled(databaseUrl)).toContain(secretOf('postgres-password'));
});

it('a stack with agents is another topology', () => {
  expect(simulated.bench.topologyHash).not.toBe(none.bench.topologyHash);
});
