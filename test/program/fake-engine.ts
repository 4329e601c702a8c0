/**
 * Stands in Pulumi's and the providers' place: records what the program registers, as the engine would see it,
 * and answers as the real providers do, secrets included.
 */
import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb.js';
import type { MockMonitor, MockResourceArgs } from '@pulumi/pulumi/runtime/mocks.js';

export const PROJECT = 'certctl-bench';
export const STACK = 'test';

type Properties = Record<string, unknown>;

/** One registration, as the engine sees it. */
export interface Resource {
  type: string;
  name: string;
  /** As the provider gets them: secret ones unwrapped. */
  inputs: Properties;
  /** Names of the inputs that are marked secret. */
  secretInputs: string[];
  /** Keys of the resources that this one waits for. */
  dependencies: string[];
  deleteBeforeReplace: boolean;
  replaceOnChanges: string[];
  /** What a component registered as its outputs, as it goes over the wire: plain, or marked secret. */
  componentOutputs: Properties;
}

export interface EngineOptions {
  /** Answers of commands by resource name, where they differ from the usual. */
  stdout?: Record<string, string>;
  /** A resource of that name is answered only when the promise resolves, and fails when it rejects. */
  before?: Record<string, Promise<unknown>>;
  /** Containers that have exited before the provider looks at them: it finds no published ports. */
  exited?: string[];
  /** Ephemeral ports are above this one; a service always gets the same. */
  firstPort?: number;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
/** Content address that the engine gives to the image of that name. */
export const imageId = (name: string) => `sha256:${sha256(name)}`;
/** The secret that the command of that name makes. */
export const secretOf = (name: string) => sha256(`secret ${name}`).slice(0, 48);

const CA = '-----BEGIN CERTIFICATE-----\nbench CA\n-----END CERTIFICATE-----\n';
const ready = (answer: string) => JSON.stringify({ readyAfterMs: 1, answer });
const STDOUT: Record<string, string> = {
  incarnation: '00112233445566aa',
  'postgres-ready': ready('postgres (PostgreSQL) 16.4'),
  'tls-init-ready': ready(
    JSON.stringify({ state: 'made', ca: CA, fingerprints: { ca: 'c0', server: '5e', target: '7a' } }),
  ),
  'certctl-ready': ready('{"version":"2.1.7"}'),
  'network-bridge': sha256('network'),
  'certctl-image': imageId('certctl server binary'),
};

/** Key of a resource: its name, with what it is where services, components and images share one. */
function keyOf(type: string, name: string): string {
  if (type.startsWith(PROJECT)) return `${name} component`;
  return type === 'docker:index/remoteImage:RemoteImage' ? `${name} image` : name;
}

function keyOfUrn(urn: string): string {
  const [type = '', name = ''] = urn.split('::').slice(-2);
  return keyOf(type.split('$').at(-1) ?? '', name);
}

/** Installs a fresh engine; what the program registers from now on is in the map, by key. */
export async function fakeEngine(options: EngineOptions = {}): Promise<Map<string, Resource>> {
  const resources = new Map<string, Resource>();
  const requests = new Map<string, RegisterResourceRequest>();

  const dockerOutputs = ({ type, name, inputs }: MockResourceArgs): Properties => {
    if (type === 'docker:index/remoteImage:RemoteImage')
      return { imageId: imageId(inputs.name), repoDigest: `some/where@sha256:${'d1'.repeat(32)}` };
    const first = (options.firstPort ?? 32_768) + 2 * (Buffer.from(sha256(name)).readUInt16BE() % 5000);
    if (options.exited?.includes(name)) return { name: `${name}-4f2a91c`, ports: [] };
    const ports = inputs.ports?.map((one: object, index: number) => ({
      ...one,
      external: first + index,
      protocol: 'tcp',
    }));
    return { name: `${name}-4f2a91c`, ...(ports && { ports }) };
  };

  const outputs = (args: MockResourceArgs, request: RegisterResourceRequest): Properties => {
    if (args.type !== 'command:local:Command') return { ...args.inputs, ...dockerOutputs(args) };
    const stdout =
      options.stdout?.[args.name] ??
      STDOUT[args.name] ??
      (args.name.endsWith('-ready') ? ready('ok\n') : secretOf(args.name));
    // One secret input makes all outputs of a command secret; others are made so by an option.
    const all = Object.values(args.inputs).some((value) => pulumi.runtime.isRpcSecret(value));
    const isSecret = all || request.getAdditionalsecretoutputsList().includes('stdout');
    return { ...args.inputs, stdout: isSecret ? pulumi.secret(stdout) : stdout };
  };

  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: async (args) => {
        const request = requests.get(keyOf(args.type, args.name));
        if (!args.custom || request === undefined) return { id: undefined, state: args.inputs };
        await options.before?.[args.name];
        return { id: sha256(`id ${args.name}`), state: outputs(args, request) };
      },
    },
    PROJECT,
    STACK,
    false,
  );

  // The mocks are told less than the engine: dependencies and options are in the request only.
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback) => {
    const key = keyOf(request.getType(), request.getName());
    if (resources.has(key)) throw new Error(`two resources are called ${key}`);
    requests.set(key, request);
    resources.set(key, recorded(request));
    return register(request, callback);
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (request, callback) => {
    const resource = resources.get(keyOfUrn(request.getUrn()));
    if (resource) resource.componentOutputs = request.getOutputs().toJavaScript();
    registerOutputs(request, callback);
  };
  return resources;
}

function recorded(request: RegisterResourceRequest): Resource {
  const object = request.getObject();
  const inputs: Properties = object ? pulumi.runtime.deserializeProperties(object) : {};
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value)]),
    ),
    secretInputs: Object.keys(inputs).filter((key) => pulumi.runtime.isRpcSecret(inputs[key])),
    dependencies: request.getDependenciesList().map(keyOfUrn).sort(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    replaceOnChanges: request.getReplaceonchangesList(),
    componentOutputs: {},
  };
}
