/** What the way to a container costs: through the port that the engine publishes on loopback, and straight to it. */

import { isRemote } from '../../infra/engine/address.ts';
import { NODE_IMAGE } from '../../infra/registry/reference.ts';
import { type Path, pathTo } from '../generator/path.ts';
import { findEngine } from '../setup/engine.ts';
import { readRecord } from '../setup/record.ts';
import { type Probe, probe } from './ceiling.ts';
import { endpointsAt, startContainedTarget } from './null-target.ts';

const RATE = 200;

export interface PathCost {
  path: Path;
  /** Median service time of a request on a kept connection, us. */
  publishedUs: number;
  directUs: number;
}

export type PathFinding = PathCost | { notMeasured: string };

export async function pathCost(): Promise<PathFinding> {
  const engine = await findEngine();
  if (engine === undefined) return { notMeasured: 'no Docker engine answers' };
  if (isRemote(engine.host)) return { notMeasured: 'the Docker engine is on another machine' };
  try {
    await using target = await startContainedTarget(engine.host, readRecord()?.debianImage ?? NODE_IMAGE);
    const { address, publishedPort, port, ca } = target;
    const path = await pathTo('127.0.0.1', publishedPort, engine.host);
    const published = await medianUs(endpointsAt('127.0.0.1', publishedPort, ca));
    const direct = await medianUs(endpointsAt(address, port, ca));
    return { path, publishedUs: published, directUs: direct };
  } catch (error) {
    const said = (error as Error).message.trim().split('\n').at(-1);
    return { notMeasured: `the engine cannot run the null target: ${said}` };
  }
}

async function medianUs(endpoints: Parameters<typeof probe>[2]): Promise<number> {
  const { serviceP50Ms }: Probe = await probe('list_certificates', RATE, endpoints);
  return Math.round(serviceP50Ms * 1000);
}
