/**
 * What the system does so that a thread runs at once when it is due, where it is Linux and the person may ask for it.
 * Where it is not, the send lag tells.
 */
import { closeSync, openSync, readlinkSync, writeFileSync, writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** Processors that sleep no deeper than is left again in 0 us, as a signed 32-bit integer. */
const NO_LATENCY = Buffer.alloc(4);
/** As a nice value, -20 to 19. */
const FIRST = -10;

/**
 * Keeps the processors of this machine from sleeping until it is disposed of, or the process ends: PM QoS (the kernel's
 * Documentation/power/pm_qos_interface), as cyclictest does. A virtual processor that sleeps takes milliseconds to wake where
 * the host has given its time to another. Only root may.
 */
export class Awake implements Disposable {
  readonly #request: number | undefined;

  constructor(device = '/dev/cpu_dma_latency') {
    try {
      // Not created where it does not exist.
      const request = openSync(device, 'r+');
      writeSync(request, NO_LATENCY);
      this.#request = request;
    } catch {
      // They may sleep.
    }
  }

  get isHeld(): boolean {
    return this.#request !== undefined;
  }

  [Symbol.dispose](): void {
    if (this.#request !== undefined) closeSync(this.#request);
  }
}

/** Linux lets sleeps be late by 50 us, so that it can wake threads together; the calling thread wants none of it. */
export function sharpenTimers(): void {
  try {
    writeFileSync(`/proc/${thisThread()}/timerslack_ns`, '1');
  } catch {
    // It wakes a little later.
  }
}

/**
 * The calling thread is to run before others that could. For one that hardly ever runs: those that work are to wait for
 * a busy processor as everything else does, because that wait is how a run is known to be disturbed.
 */
export function comeFirst(): void {
  try {
    // On Linux a priority is a thread's own, whatever POSIX says (setpriority(2)).
    setPriority(thisThread(), FIRST);
  } catch {
    // It waits its turn.
  }
}

const thisThread = () => Number(basename(readlinkSync('/proc/thread-self')));
