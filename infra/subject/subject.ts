/** What the certctl container runs: one small function for each kind of subject. */
import * as command from '@pulumi/command';
import type * as pulumi from '@pulumi/pulumi';
import { PLAIN_HEALTH_TEST } from '../components/service-container.ts';
import { CERTIFICATES } from '../components/tls-init.ts';
import { dockerEnvironment } from '../engine/address.ts';
import { localImage, type ServiceImage } from '../images.ts';
import { NODE_IMAGE } from '../registry/reference.ts';
import { CERTCTL_DEFAULTS } from '../settings/certctl-env.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { StackContext } from '../stack-context.ts';
import type { ContainerFile } from '../uploads.ts';
import type { SubjectKind } from './check.ts';
import { checkoutImage } from './checkout-image.ts';
import { contentHash } from './content-hash.ts';

export interface Subject {
  image: ServiceImage;
  /** Argv; empty: what the image runs by itself. */
  command: string[];
  files: Record<string, ContainerFile>;
  envs: string[];
  /** certctl's settings that differ from its defaults; none that is secret. */
  settings: Settings;
  /** Docker health check; undefined: the image's own. */
  healthTest: string[] | undefined;
}

const SCRIPT = '/opt/bench/certctl-stand-in.mjs';
const HEALTH_URL = 'https://localhost:8443/health';

/** The subject that the stack's config names. */
export function subject(
  name: string,
  kind: Exclude<SubjectKind, 'external'>,
  context: StackContext,
  options: pulumi.CustomResourceOptions,
): Subject {
  const kinds = { 'stand-in': standIn, binary, image, dockerfile };
  return kinds[kind](name, context, options);
}

function standIn(_name: string, context: StackContext): Subject {
  const { standInFaults, certctlEnv } = context.config;
  return {
    image: context.images.get(NODE_IMAGE),
    command: ['node', SCRIPT],
    files: { [SCRIPT]: { fixture: 'certctl-stand-in/main.ts' } },
    envs: standInFaults ? [`STAND_IN_FAULTS=${JSON.stringify(standInFaults)}`] : [],
    settings: certctlEnv,
    healthTest: PLAIN_HEALTH_TEST,
  };
}

/** The user's server binary and migrations, put on top of the image that also runs Node. */
function binary(name: string, context: StackContext, options: pulumi.CustomResourceOptions): Subject {
  const { subjectBinary, subjectMigrations } = context.config;
  const base = context.images.get(NODE_IMAGE);
  const build = new command.local.Command(
    `${name}-image`,
    {
      create: 'exec node subject/build.ts',
      environment: {
        SUBJECT_BASE: base.id,
        SUBJECT_BINARY: subjectBinary,
        SUBJECT_MIGRATIONS: subjectMigrations,
        ...dockerEnvironment(context.config),
      },
      triggers: [contentHash([subjectBinary, subjectMigrations])],
      logging: 'none',
      addPreviousOutputInEnv: false,
    },
    options,
  );
  return {
    image: localImage(build.stdout, 'certctl server binary', 'subject'),
    command: ['/app/server'],
    files: {},
    envs: [],
    settings: { ...CERTCTL_DEFAULTS, ...context.config.certctlEnv },
    healthTest: verifiedHealthTest(context),
  };
}

/** A checkout, built by its own Dockerfile. */
function dockerfile(name: string, context: StackContext, options: pulumi.CustomResourceOptions): Subject {
  return {
    image: checkoutImage(`${name}-image`, 'certctl', context, options),
    ...asTheImageDoes(context),
  };
}

/** certctl's published image, or any other that is started in the same way. */
function image(name: string, context: StackContext): Subject {
  return {
    image: context.images.pull(name, context.config.subjectImage),
    ...asTheImageDoes(context),
  };
}

/** Entrypoint and health check are the image's own. */
function asTheImageDoes({ config }: StackContext): Omit<Subject, 'image'> {
  return {
    command: [],
    files: {},
    envs: [],
    settings: { ...CERTCTL_DEFAULTS, ...config.certctlEnv },
    healthTest: undefined,
  };
}

/** GNU wget can be told the CA; Alpine's BusyBox cannot, and there the gate has verified already. */
function verifiedHealthTest({ images }: StackContext): string[] {
  const trust =
    images.layout === 'debian' ? `--ca-certificate=${CERTIFICATES}/ca.crt` : '--no-check-certificate';
  return ['CMD', 'wget', '-q', '-O', '/dev/null', trust, HEALTH_URL];
}
