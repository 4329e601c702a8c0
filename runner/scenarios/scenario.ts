/** What a scenario is: what one arrival asks, and how its answer is checked. The engine does the measuring. */

/** One arrival of a run. */
export interface Arrival {
  runId: string;
  /** Name of its scenario in the profile. */
  scenario: string;
  /** Number within its scenario, from 0. */
  index: number;
  /** The run's time zero, ms since 1970. */
  runStartMs: number;
}

export interface HttpRequest {
  method: 'GET' | 'POST';
  path: string;
  /** JSON. */
  body?: string;
}

export interface Scenario {
  /** `api`: over kept connections to the subject. A target's name: over a fresh connection to it each time. */
  endpoint: string;
  /** The only status that is right. */
  status: number;
  request(arrival: Arrival): HttpRequest;
  /** What is wrong with the body of an answer of the right status; undefined where it is what was asked. */
  problem(body: string, arrival: Arrival): string | undefined;
}
