/** What the threads of a run say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { PlannedScenario } from '../plan/plan.ts';
import type { Endpoints } from './contract.ts';
import type { LaneSample } from './lane-watch.ts';
import type { LoopRecord } from './loop/record.ts';
import type { Report } from './report.ts';

/** What a lane is started with. */
export interface LaneData {
  runId: string;
  scenarios: PlannedScenario[];
  /** Sent before time zero, and not measured. */
  warmUp: PlannedScenario[];
  endpoints: Endpoints;
  /** A message comes from the pacer when an arrival is due. */
  wake: MessagePort;
}

/** What the pacer is started with. */
export interface PacerData {
  lanes: { scenarios: PlannedScenario[]; wake: MessagePort }[];
  /** One shared integer; the pacer ends when it is no longer 0 and is notified. */
  control: Int32Array<SharedArrayBuffer>;
}

export interface Start {
  type: 'start';
  /** Time zero of the run, as a reading of `process.hrtime.bigint()`. */
  zero: bigint;
  /** The same, ms since 1970. */
  runStartMs: number;
}

/** `stop`: send no more, give what is in flight no more than `graceMs` and its own gracefulStop. */
export type ToLane = Start | { type: 'stop'; graceMs: number };

export type FromLane =
  | { type: 'ready' }
  | { type: 'report'; report: Report }
  | { type: 'sample'; sample: LaneSample }
  | { type: 'loop'; loop: LoopRecord }
  | { type: 'done' };

/** What a lane tells while it runs. */
export interface LaneListener {
  report(report: Report): void;
  sample(sample: LaneSample): void;
  loop(loop: LoopRecord): void;
}
