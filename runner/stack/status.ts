/** How a stack is right now, asked of the engine. */
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { execa } from 'execa';
import { LABEL_INCARNATION, LABEL_SERVICE } from '../../infra/labels.ts';
import { contractSchema } from '../../infra/outputs.ts';
import type { Engine } from '../setup/engine.ts';

export interface StackStatus {
  engine: Engine;
  stack: string;
  up: boolean;
  subject: string | null;
  services: { service: string; state: string; url: string }[];
  /** The run that was published last. */
  result: { run: string; verdict: string } | null;
}

export async function stackStatus(stack: Stack, engine: Engine): Promise<StackStatus> {
  const outputs = await stack.outputs();
  const parsed = contractSchema.safeParse(outputs.bench?.value);
  const result = outputs.result?.value ?? null;
  if (!parsed.success) return { engine, stack: stack.name, up: false, subject: null, services: [], result };
  const { incarnation, certctl, targets, subject } = parsed.data;
  const urls: Record<string, string> = { certctl: certctl.url };
  for (const [name, { url }] of Object.entries(targets)) urls[name] = url;
  const format = `{{.Label "${LABEL_SERVICE}"}}\t{{.Status}}`;
  const { stdout } = await execa(
    'docker',
    ['ps', '--all', '--filter', `label=${LABEL_INCARNATION}=${incarnation}`, '--format', format],
    { env: { DOCKER_HOST: engine.host } },
  );
  const services = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
    .map(([service = '', state = '']) => ({ service, state, url: urls[service] ?? '' }))
    .toSorted((a, b) => a.service.localeCompare(b.service));
  return { engine, stack: stack.name, up: true, subject: subject.kind, services, result };
}
