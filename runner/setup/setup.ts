/** `bench setup`: finds what the bench needs, says what is missing, and makes it. */
import { createInterface } from 'node:readline/promises';
import { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } from 'listr2';
import { isRemote } from '../../infra/engine/address.ts';
import { EnvironmentError } from '../errors.ts';
import { temporaryFolder } from '../stack/temporary.ts';
import { copyDebianImage } from './copy-image.ts';
import { buildDebianImage, findDebianImage } from './debian-image.ts';
import { type Engine, findEngine, startPrivateEngine } from './engine.ts';
import {
  benchInstallation,
  buildPart,
  downloadPart,
  findOwnInstallation,
  hasPlugin,
  installPlugin,
  missingParts,
  type PulumiInstallation,
  requireGo,
  type ToolchainSource,
} from './pulumi.ts';
import { isReachable } from './reachable.ts';
import { readRecord, writeRecord } from './record.ts';
import { hasProgram, installPackages, requirePackageManager } from './system-packages.ts';
import { PLUGINS } from './versions.ts';

export interface SetupOptions {
  /** Answers the question before system packages are installed. */
  yes: boolean;
  images: 'auto' | 'registry' | 'debian';
  /** Where the images of one stack come from: counts for `auto`, and is not kept for other stacks. */
  stackImages?: 'registry' | 'debian' | undefined;
  toolchain: 'auto' | ToolchainSource;
  /** Told each choice that `auto` made, with its reason, and what will be installed. */
  say: (line: string) => void;
}

/** What a command needs to know of the machine. */
export interface Setup {
  engine: Engine;
  /** True where this call started the private engine: the command that did so stops it. */
  startedEngine: boolean;
  installation: PulumiInstallation;
  imageSource: 'registry' | 'debian';
  debianImage: string | undefined;
}

interface Step {
  title: string;
  run: () => Promise<void>;
}

export const CONTAINER_REGISTRY = 'https://registry-1.docker.io/v2/';
export const PULUMI_DOWNLOADS = 'https://get.pulumi.com/';

/**
 * Makes what is missing; a second call finds everything and takes a moment.
 * @throws EnvironmentError naming the remedy where something can be neither found nor made.
 */
export async function setup(options: SetupOptions): Promise<Setup> {
  // Before it is asked for: whoever would stop the private engine sees from now on that it is needed.
  temporaryFolder();
  const imageSource = await chooseImageSource(options);
  const found = await findEngine();
  const packages = await missingPackages(imageSource, found);
  const { installation, steps: pulumiSteps } = await pulumiPlan(options);
  // Nothing to ask: then the engine is started first, and it says whether it holds the image.
  let engine = found ?? (packages.length === 0 ? await findOrStartEngine() : undefined);
  let debianImage = imageSource === 'debian' && engine ? await findDebianImage(engine.host) : undefined;

  const steps: Step[] = [];
  if (packages.length > 0) {
    const install = async () => {
      await installPackages(packages);
      engine = await findOrStartEngine();
    };
    steps.push({ title: `system packages ${packages.join(', ')}`, run: install });
  }
  if (imageSource === 'debian' && debianImage === undefined) {
    const build = async () => {
      const { host } = engine ?? (await findOrStartEngine());
      if (!(await findDebianImage(host)) && !(await copyDebianImage(host))) await buildDebianImage(host);
      debianImage = await findDebianImage(host);
    };
    steps.push({ title: 'image with all services, from Debian packages', run: build });
  }
  steps.push(...pulumiSteps);

  if (steps.length > 0) options.say(`To install: ${steps.map((step) => step.title).join('; ')}`);
  if (packages.length > 0 && !options.yes) await confirmPackages();
  await runSteps(steps);

  engine ??= await findOrStartEngine();
  // The record is of this machine; a remote engine's stacks keep what was chosen for them in their config.
  const isOfStack = options.images === 'auto' && options.stackImages !== undefined;
  if (!isRemote(engine.host) && !isOfStack) writeRecord({ imageSource, debianImage });
  return {
    engine,
    startedEngine: engine.kind === 'private' && found === undefined,
    installation,
    imageSource,
    debianImage,
  };
}

/** Installing the package may have started the system's own engine: then that one is used. */
async function findOrStartEngine(): Promise<Engine> {
  return (await findEngine()) ?? (await startPrivateEngine());
}

/** Forced, else what the stack has, else what was chosen here before, else whether a container registry answers now. */
async function chooseImageSource({ images, stackImages, say }: SetupOptions): Promise<'registry' | 'debian'> {
  if (images !== 'auto') return images;
  if (stackImages !== undefined) return stackImages;
  const recorded = readRecord()?.imageSource;
  const { DOCKER_HOST = '' } = process.env;
  if (isRemote(DOCKER_HOST)) {
    // What that engine reaches it does not tell; so this is said, and can be forced.
    const source = recorded ?? ((await isReachable(CONTAINER_REGISTRY)) ? 'registry' : 'debian');
    say(
      source === 'registry'
        ? `Images: pulled by the engine at ${DOCKER_HOST} (this machine reaches the registry; if that one does not: --images debian)`
        : `Images: built from Debian packages and sent to the engine at ${DOCKER_HOST} (this machine reaches no registry; if that one does: --images registry)`,
    );
    return source;
  }
  if (recorded !== undefined) return recorded;
  const reachable = await isReachable(CONTAINER_REGISTRY);
  say(
    reachable
      ? 'Images: from the container registry (it answers)'
      : 'Images: built from Debian packages (no container registry answers); --images registry forces the other',
  );
  return reachable ? 'registry' : 'debian';
}

async function missingPackages(
  imageSource: 'registry' | 'debian',
  engine: Engine | undefined,
): Promise<string[]> {
  const packages: string[] = [];
  if (!engine && !(await hasProgram('dockerd'))) {
    const remedy = 'install Docker (https://docs.docker.com/engine/install/) and start it';
    requirePackageManager('no Docker engine answers', remedy);
    packages.push('docker.io', 'iptables');
  }
  if (imageSource === 'debian' && !(await hasProgram('mmdebstrap'))) {
    requirePackageManager(
      'the Debian image needs mmdebstrap',
      'install mmdebstrap, or use --images registry',
    );
    packages.push('mmdebstrap');
  }
  return packages;
}

async function pulumiPlan(
  options: SetupOptions,
): Promise<{ installation: PulumiInstallation; steps: Step[] }> {
  const own = findOwnInstallation();
  const missingPlugins = own ? PLUGINS.filter((name) => !hasPlugin(own.home, name)) : [];
  if (own && missingPlugins.length === 0) return { installation: own, steps: [] };
  const missing = missingParts();
  if (!own && missing.length === 0) return { installation: benchInstallation, steps: [] };

  const source = await chooseToolchainSource(options);
  if (own && source === 'download') {
    const steps = missingPlugins.map((name) => ({
      title: `Pulumi plugin ${name}`,
      run: () => installPlugin(own, name),
    }));
    return { installation: own, steps };
  }
  if (source === 'build') await requireGo();
  const make = source === 'download' ? downloadPart : buildPart;
  const steps = missing.map((part) => ({ title: `${part} (${source})`, run: () => make(part) }));
  return { installation: benchInstallation, steps };
}

async function chooseToolchainSource({ toolchain, say }: SetupOptions): Promise<ToolchainSource> {
  if (toolchain !== 'auto') return toolchain;
  if (await isReachable(PULUMI_DOWNLOADS)) {
    say('Pulumi: official download (it answers)');
    return 'download';
  }
  say('Pulumi: built from Go modules (the official download does not answer; takes some minutes, once)');
  return 'build';
}

/** @throws EnvironmentError if the person says no, or there is nobody to ask. */
async function confirmPackages(): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new EnvironmentError(
      'system packages are missing and there is no terminal to ask: pass --yes to install them',
    );
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question('Install the system packages with apt-get? [y/N] ');
  prompt.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new EnvironmentError('nothing was installed');
}

async function runSteps(steps: Step[]): Promise<void> {
  // Stdout is for what was asked for: a shell may be evaluating it.
  const processOutput = new ProcessOutput(process.stderr, process.stderr);
  const logger = new ListrLogger({ useIcons: true, processOutput });
  const tasks = new Listr(
    steps.map(({ title, run }) => ({ title, task: run })),
    {
      rendererOptions: { collapseErrors: false, showErrorMessage: false, timer: PRESET_TIMER, logger },
      fallbackRendererOptions: { timer: PRESET_TIMER, logger },
      fallbackRendererCondition: !process.stderr.isTTY,
    },
  );
  await tasks.run();
}
