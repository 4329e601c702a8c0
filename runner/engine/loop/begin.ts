/** How a loop begins: the calls until certctl has a job for its certificate. */
import { parseObject } from '../../scenarios/json.ts';
import type { HttpRequest } from '../../scenarios/scenario.ts';
import type { Site } from '../contract.ts';
import type { Exchange } from '../exchange.ts';

/** How a call ended. */
export interface Answer extends Pick<Exchange, 'failure' | 'status' | 'endNs'> {
  body: string;
}

/** Sends a call of the loop; resolves when it has ended, however, and never once the loop has. */
export type Call = (request: HttpRequest) => Promise<Answer>;

/** certctl did not take it; the message says what and why. */
export class Refused extends Error {}

/** What was done, and when: ns on the run's clock. */
export interface Begun {
  /** Id of the job. */
  renewal: string;
  /** When the answer to the renewal was here. */
  renewedNs: number;
  /** When a new certificate was created, and bound to the site. */
  createdNs?: number;
  boundNs?: number;
}

export interface Beginning {
  /** Id of the certificate that the loop is for. */
  certificate: string;
  /** `renewal` asks for a renewal, but does not say of what. Rejects with Refused. */
  begin(call: Call, renewal: HttpRequest): Promise<Begun>;
}

/** One for each loop. */
export type Begin = (site: Site) => Beginning;

/** Renews the certificate that the site has. */
export const beginRenewal: Begin = ({ certificate }) => ({
  certificate,
  begin: (call, renewal) => renew(certificate, call, renewal),
});

export async function renew(certificate: string, call: Call, request: HttpRequest): Promise<Begun> {
  const answer = await call({ ...request, body: JSON.stringify({ certificate_ids: [certificate] }) });
  const renewal = answer.failure === undefined && answer.status === 200 ? jobOf(answer.body) : undefined;
  if (renewal === undefined) throw new Refused(`the renewal was not accepted: ${said(answer)}`);
  return { renewal, renewedNs: answer.endNs };
}

/** What an answer says that is not the one that was asked for. */
export function said({ failure, status, body }: Answer): string {
  return failure?.message ?? `status ${status}: ${body.trim().slice(0, 200)}`;
}

/** Id of the job; undefined where there is none in the answer: a certificate in renewal is skipped silently. */
function jobOf(body: string): string | undefined {
  const jobs = parseObject(body)?.enqueued_jobs;
  const id = Array.isArray(jobs) ? (jobs[0] as { job_id?: unknown } | undefined)?.job_id : undefined;
  return typeof id === 'string' ? id : undefined;
}
