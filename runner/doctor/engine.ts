/** The Docker engine and the images in it. Looking starts nothing. */
import { registryOf } from '../../infra/registry/reference.ts';
import { debianImageTag, findDebianImage } from '../setup/debian-image.ts';
import { type Engine, findEngine } from '../setup/engine.ts';
import { isReachable } from '../setup/reachable.ts';
import { readRecord } from '../setup/record.ts';
import { CONTAINER_REGISTRY } from '../setup/setup.ts';
import { hasProgram } from '../setup/system-packages.ts';
import { projectDefaults, stackConfigFile } from '../stack/config-file.ts';
import { lastStack } from '../stack/current.ts';
import type { Check, Finding } from './finding.ts';
import { program } from './programs.ts';

const KINDS = { found: 'yours', private: 'private engine of the bench' };

export const dockerEngine: Check = async () => {
  const what = 'Docker engine';
  let engine: Engine | undefined;
  try {
    engine = await findEngine();
  } catch (error) {
    const [from, remedy] = (error as Error).message.split('; ');
    return { what, state: 'missing', from, remedy };
  }
  if (engine) {
    const { kind, host, version } = engine;
    return { what, state: 'found', version, from: `${KINDS[kind] ?? kind}, ${host}` };
  }
  const remedy = 'install Docker (https://docs.docker.com/engine/install/), or "bench setup --yes" on Debian';
  if (process.getuid?.() !== 0) {
    const from = 'none answers, and only root can start one';
    return { what, state: 'missing', from, remedy: `start yours, or ${remedy}` };
  }
  const found = await program(what, 'dockerd', ['--version'], remedy);
  return found.state === 'missing' ? found : { ...found, from: `${found.from}, started when needed` };
};

/** A found engine has its own; the private one's networks need it. */
export const iptables: Check = async () => {
  const what = 'iptables';
  const engine = await findEngine().catch(() => undefined);
  if (engine) return { what, state: 'not needed', from: 'the engine runs' };
  return program(what, 'iptables', ['--version'], '"bench setup --yes", or install the package iptables');
};

export const images: Check = async () => {
  const what = 'images';
  if (await fromRegistry()) {
    const mirror = mirrorHost();
    const from = mirror ?? new URL(CONTAINER_REGISTRY).host;
    if (await answers(mirror)) return { what, state: 'found', from };
    const remedy = 'check network and proxy, or "bench setup --images debian"';
    return { what, state: 'missing', from: `${from} does not answer`, remedy };
  }
  const engine = await findEngine().catch(() => undefined);
  const from = `Debian packages, ${debianImageTag()}`;
  const id = engine ? await findDebianImage(engine.host) : readRecord()?.debianImage;
  if (id) return { what, state: 'found', version: id.slice(0, 19), from };
  return { what, state: 'missing', from: `${from} is not built`, remedy: '"bench setup" builds it' };
};

/** Only where the Debian image has to be built. */
export const mmdebstrap: Check = async (): Promise<Finding> => {
  const what = 'mmdebstrap';
  if (await fromRegistry()) return { what, state: 'not needed', from: 'images come from a registry' };
  if ((await images()).state === 'found') return { what, state: 'not needed', from: 'the image is there' };
  const remedy = '"bench setup --yes", or install the package mmdebstrap';
  if (!(await hasProgram('mmdebstrap'))) return { what, state: 'missing', from: 'not on PATH', remedy };
  return program(what, 'mmdebstrap', ['--version'], remedy);
};

/** Of the mirror in the config of the stack that `up` made last, else in the project's; undefined: Docker Hub. */
function mirrorHost(): string | undefined {
  const { imageRegistry } = { ...projectDefaults(), ...stackConfigFile(lastStack()) };
  return imageRegistry ? registryOf(`${imageRegistry}/image`) : undefined;
}

/** A mirror that the engine trusts may be without TLS. */
async function answers(mirror: string | undefined): Promise<boolean> {
  const urls =
    mirror === undefined ? [CONTAINER_REGISTRY] : [`https://${mirror}/v2/`, `http://${mirror}/v2/`];
  return (await Promise.all(urls.map(isReachable))).includes(true);
}

/** Who names a mirror means it; else what `setup` chose here, or would choose now. */
async function fromRegistry(): Promise<boolean> {
  if (mirrorHost() !== undefined) return true;
  const recorded = readRecord()?.imageSource;
  return recorded ? recorded === 'registry' : isReachable(CONTAINER_REGISTRY);
}
