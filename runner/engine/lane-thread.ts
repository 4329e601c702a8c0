/** Entry of a lane's thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { Lane } from './lane.ts';
import type { FromLane, LaneData, ToLane } from './messages.ts';
import { trustSystem } from './trust.ts';

const say = (message: FromLane) => parentPort?.postMessage(message);

trustSystem((workerData as LaneData).endpoints);
let lane: Lane | undefined;
parentPort?.on('message', (message: ToLane) => {
  if (message.type === 'stop') return lane?.stop(message.graceMs);
  lane = new Lane(
    workerData as LaneData,
    message,
    {
      report: (report) => say({ type: 'report', report }),
      sample: (sample) => say({ type: 'sample', sample }),
      loop: (loop) => say({ type: 'loop', loop }),
    },
    () => {
      say({ type: 'done' });
      parentPort?.close();
    },
  );
});
say({ type: 'ready' });
