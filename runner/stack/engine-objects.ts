/** What the engine holds of the bench's stacks, by label. */
import { execa } from 'execa';
import { dockerEnvironment, type EngineAddress } from '../../infra/engine/address.ts';
import { LABEL_INCARNATION, LABEL_SERVICE, LABEL_STACK } from '../../infra/labels.ts';

export interface StackContainer {
  id: string;
  stack: string;
  incarnation: string;
  service: string;
  /** As the engine says it: "Up 2 minutes (healthy)", "Exited (0) 2 minutes ago". */
  status: string;
  created: Date;
}

const docker = async (engine: EngineAddress, ...args: string[]): Promise<string[]> => {
  const { stdout } = await execa('docker', args, { env: dockerEnvironment(engine) });
  return stdout.split('\n').filter((line) => line !== '');
};

const CONTAINER_FORMAT = [
  '{{.ID}}',
  ...[LABEL_STACK, LABEL_INCARNATION, LABEL_SERVICE].map((label) => `{{.Label "${label}"}}`),
  ...['{{.Status}}', '{{.CreatedAt}}'],
].join('\\t');

/** All containers of all stacks, those that have ended too. */
export async function stackContainers(engine: EngineAddress): Promise<StackContainer[]> {
  const filter = ['--filter', `label=${LABEL_STACK}`];
  const lines = await docker(engine, 'ps', '--all', '--no-trunc', ...filter, '--format', CONTAINER_FORMAT);
  return lines.map((line) => {
    const [id = '', stack = '', incarnation = '', service = '', status = '', created = ''] = line.split('\t');
    // "2026-01-31 12:00:00 +0000 UTC"
    return { id, stack, incarnation, service, status, created: new Date(created.replace(/ [A-Z]+$/, '')) };
  });
}

/** How the kinds are listed and removed. Containers first: they hold the networks and volumes. */
const KINDS = [
  {
    list: ['ps', '--all', '--no-trunc', '--quiet'],
    remove: ['rm', '--force', '--volumes'],
    type: 'container',
    created: '.Created',
  },
  {
    list: ['network', 'ls', '--no-trunc', '--quiet'],
    remove: ['network', 'rm'],
    type: 'network',
    created: '.Created',
  },
  { list: ['volume', 'ls', '--quiet'], remove: ['volume', 'rm'], type: 'volume', created: '.CreatedAt' },
];

/** Everything that has the label, with its value and when it was made. */
export async function labelledObjects(
  engine: EngineAddress,
  label: string,
): Promise<{ value: string; created: Date }[]> {
  const found = KINDS.map(async ({ list, type, created }) => {
    const ids = await docker(engine, ...list, '--filter', `label=${label}`);
    if (ids.length === 0) return [];
    const labels = type === 'container' ? '.Config.Labels' : '.Labels';
    const format = `{{json ${created}}}\t{{json (index ${labels} "${label}")}}`;
    const args = ['inspect', '--type', type, '--format', format, ...ids];
    // What has gone meanwhile is an error, the others are told even so.
    const { stdout } = await execa('docker', args, { env: dockerEnvironment(engine), reject: false });
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const [at = '""', value = '""'] = line.split('\t');
      return { value: JSON.parse(value) as string, created: new Date(JSON.parse(at)) };
    });
  });
  return (await Promise.all(found)).flat();
}

/** True where the engine has anything with this label. */
export async function holdsLabelled(engine: EngineAddress, label: string): Promise<boolean> {
  const found = KINDS.map(({ list }) => docker(engine, ...list, '--filter', `label=${label}`));
  return (await Promise.all(found)).flat().length > 0;
}

/**
 * Removes everything with this label; that somebody else is removing it too does not matter.
 * @param kept ids of what stays
 */
export async function removeLabelled(
  engine: EngineAddress,
  label: string,
  kept: ReadonlySet<string> = new Set(),
): Promise<void> {
  for (const { list, remove } of KINDS) {
    const find = async () => {
      const ids = await docker(engine, ...list, '--filter', `label=${label}`);
      return ids.filter((id) => !kept.has(id));
    };
    const ids = await find();
    if (ids.length === 0) continue;
    try {
      await docker(engine, ...remove, ...ids);
    } catch (error) {
      if ((await find()).length > 0) throw error;
    }
  }
}
