/** What the generator saw of itself during a run: on this rests whether the run is valid. */
import type { Histogram } from 'hdr-histogram-js';

/** A second of a lane's thread. Shares are of that second, 0 to 1; null where the system does not tell. */
export interface LaneSecond {
  second: number;
  /** CPU time of the thread. */
  cpu: number;
  /** Time in which the thread could have run but no processor was free for it. */
  cpuWait: number | null;
}

export interface LaneHealth {
  seconds: LaneSecond[];
  /** How late a timer of the thread's event loop was, integer microseconds; one sample each 20 ms. */
  loopDelay: Histogram;
}

export interface Health {
  /** By the name of the thread: `api`, `handshake`. */
  lanes: Record<string, LaneHealth>;
  /** Threads that ended before their work did, each with why. */
  deaths: string[];
  /**
   * Share of the machine's CPU time that the hypervisor gave to others while this machine wanted it (steal), 0 to 1;
   * null where the system does not tell.
   */
  steal: number | null;
  /** Share of all scheduling periods in which a CPU quota (cgroup) stopped this process; null without a quota. */
  throttled: number | null;
  /** Whether the machine's processors were kept from sleeping. */
  awake: boolean;
  /** Of the whole process. */
  process: {
    cpuSeconds: number;
    /** Resident set at the start and at the end of the run, and its greatest. */
    rssStartBytes: number;
    rssEndBytes: number;
    rssMaxBytes: number;
  };
}
