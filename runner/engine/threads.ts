/**
 * The threads of a run: as many lanes as there are workers for API scenarios, and for handshakes, one for deploy loops,
 * and the pacer that wakes them.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import { isLoop, type Plan, type PlannedScenario } from '../plan/plan.ts';
import { sharesOf } from '../plan/share.ts';
import { warmUpOf } from '../plan/warm-up.ts';
import type { Clock } from './clock.ts';
import type { Endpoints } from './contract.ts';
import { isApi } from './endpoints.ts';
import type { LaneSample } from './lane-watch.ts';
import { type LaneWorker, startLane } from './lane-worker.ts';
import type { LoopRecord } from './loop/record.ts';
import type { PacerData, Start } from './messages.ts';
import type { Report } from './report.ts';

/** A lane's thread ended before its work did. */
export interface LaneDeath {
  /** Whose share it was. */
  worker: number;
  scenarios: PlannedScenario[];
  /** Ns since time zero. */
  diedNs: number;
  reason: string;
}

/** What the lanes tell while they run. */
export interface ThreadsListener {
  /** Of the worker's share. */
  report(worker: number, report: Report): void;
  sample(lane: string, sample: LaneSample): void;
  loop(loop: LoopRecord): void;
}

interface LaneThread {
  /** Number of the worker among those of its kind. */
  index: number;
  scenarios: PlannedScenario[];
  worker: LaneWorker;
}

export class Threads {
  readonly #lanes: LaneThread[] = [];
  readonly #pacer: Worker;
  #pacerDeath: string | undefined;
  readonly #control = new Int32Array(new SharedArrayBuffer(4));

  constructor(plan: Plan, endpoints: Endpoints, listener: ThreadsListener) {
    const paced: PacerData = { lanes: [], control: this.#control };
    const lane = (name: string, scenarios: PlannedScenario[], index = 0) => {
      if (scenarios.length === 0) return;
      const { port1, port2 } = new MessageChannel();
      const warmUp = warmUpOf(scenarios, plan);
      const data = { runId: plan.runId, scenarios, warmUp, endpoints, wake: port2 };
      const worker = startLane(name, data, {
        report: (report) => listener.report(index, report),
        sample: (sample) => listener.sample(name, sample),
        loop: (loop) => listener.loop(loop),
      });
      this.#lanes.push({ index, scenarios, worker });
      paced.lanes.push({ scenarios: [...scenarios, ...warmUp], wake: port1 });
    };
    const { workers } = plan;
    const spread = (name: string, scenarios: PlannedScenario[]) => {
      const shares = scenarios.map((planned) => sharesOf(planned, workers));
      for (let index = 0; index < workers; index++) {
        const ofOne = shares.flatMap((all) => all[index] ?? []);
        lane(workers === 1 ? name : `${name} ${index + 1}`, ofOne, index);
      }
    };
    spread('api', plan.scenarios.filter(isApi));
    spread(
      'handshake',
      plan.scenarios.filter((planned) => !isApi(planned) && !isLoop(planned)),
    );
    // They probe while others measure.
    lane('deploy', plan.scenarios.filter(isLoop));

    this.#pacer = new Worker(new URL('./pacer.ts', import.meta.url), {
      name: 'pacer',
      workerData: paced,
      transferList: paced.lanes.map(({ wake }) => wake),
    });
    // Without it the lanes go on by their own tick: later, and the send lag tells.
    this.#pacer.once('error', (error) => {
      this.#pacerDeath = `the pacer died: ${error instanceof Error ? error.message : String(error)}`;
    });
    this.#pacer.once('exit', (code) => {
      if (code !== 0) this.#pacerDeath ??= `the pacer died: exit code ${code}`;
    });
  }

  /** Resolves when the lanes wait for their start. */
  async ready(): Promise<void> {
    await Promise.all(this.#lanes.map(({ worker }) => worker.ready));
  }

  start(order: Start): void {
    for (const { worker } of this.#lanes) worker.post(order);
    this.#pacer.postMessage(order);
  }

  /** Nothing more is sent; what is in flight has the grace. */
  stop(graceMs: number): void {
    this.#stopPacer();
    for (const { worker } of this.#lanes) worker.post({ type: 'stop', graceMs });
  }

  /** Ends the lanes that have not ended by themselves; they count as dead. */
  kill(reason: string): void {
    for (const { worker } of this.#lanes) worker.kill(reason);
  }

  /** Resolves when all lanes have ended, to those that died. */
  async ended(clock: Clock): Promise<LaneDeath[]> {
    const deaths: LaneDeath[] = [];
    await Promise.all(
      this.#lanes.map(async ({ index, scenarios, worker }) => {
        const reason = await worker.ended;
        if (reason !== undefined) deaths.push({ worker: index, scenarios, diedNs: clock(), reason });
      }),
    );
    return deaths;
  }

  /** Why the pacer has ended before its work was done; undefined where it has not. */
  get pacerDeath(): string | undefined {
    return this.#pacerDeath;
  }

  /** Leaves no thread behind. */
  async dispose(): Promise<void> {
    this.#stopPacer();
    this.kill('the run was given up');
    await Promise.all([this.#pacer.terminate(), ...this.#lanes.map(({ worker }) => worker.ended)]);
  }

  #stopPacer(): void {
    Atomics.store(this.#control, 0, 1);
    Atomics.notify(this.#control, 0);
  }
}
