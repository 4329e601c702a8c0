/** How far a loop has come, by what certctl's rows say, and what it is called where it stops there. */
import type { ErrorKind } from '../contract.ts';
import type { Failure } from '../error-kind.ts';

/** certctl's rows of one loop. */
export interface LoopRow {
  /** Id of the renewal job. */
  renewal: string;
  renewal_status: string;
  renewal_error: string | null;
  deployment: string | null;
  deployment_status: string | null;
  deployment_error: string | null;
  /** Whether an agent has ever said anything of the deployment. */
  deployment_reported: boolean;
  /**
   * Whether its agent has just reported another deployment, and none that is newer: those of one poll are handed out
   * together, and done one by one in the order in which they were made.
   */
  agent_is_busy: boolean;
  /** SHA-256 of the newest certificate issued since. */
  fingerprint: string | null;
}

/** Jobs that end so will not go on by themselves. */
const OVER = ['Failed', 'Cancelled'];

/** Why a loop cannot be served any more; undefined where it still can. */
export function dead(row: LoopRow): Failure | undefined {
  if (OVER.includes(row.renewal_status)) {
    return failure(
      'not_signed',
      `the renewal ended as ${row.renewal_status}: ${row.renewal_error ?? 'no reason given'}`,
    );
  }
  if (row.deployment_status !== null && OVER.includes(row.deployment_status)) {
    const reason = row.deployment_error ?? 'no reason given';
    return failure('deploy_failed', `the deployment ended as ${row.deployment_status}: ${reason}`);
  }
  return undefined;
}

/** Whether an agent may be deploying, or have deployed: only then is the site looked at. */
export function mayBeServed({ deployment_status }: LoopRow): boolean {
  return deployment_status === 'Running' || deployment_status === 'Completed';
}

const LOST =
  'the deployment was taken from the agent by the job processor of the server, and is never delivered: set ' +
  'CERTCTL_SCHEDULER_JOB_PROCESSOR_INTERVAL to 24h; to have it delivered, report its job as Pending';

/**
 * What a loop waited for in vain when its deadline came.
 *
 * @param row undefined where the renewal was not answered
 * @param seen fingerprint that the site showed last, and what it showed before the loop
 */
export function stoppedAt(
  row: LoopRow | undefined,
  { before, last }: { before: string | undefined; last: string | undefined },
): Failure {
  if (row === undefined) return failure('not_accepted', 'the renewal was not answered');
  if (row.renewal_status === 'AwaitingCSR') return failure('no_csr', 'no agent has sent a CSR');
  if (row.renewal_status !== 'Completed') {
    return failure('not_signed', `the renewal is still ${row.renewal_status}`);
  }
  switch (row.deployment_status) {
    case null:
      return failure('not_claimed', 'certctl made no deployment: is the certificate bound to a target?');
    case 'Pending':
      return failure('not_claimed', 'no agent has fetched the deployment');
    case 'Completed': {
      const isOther = last !== undefined && last !== before;
      return isOther
        ? failure('wrong_certificate', `the site shows ${last}, issued is ${row.fingerprint}`)
        : failure('not_served', 'the deployment is Completed, and the site shows the certificate of before');
    }
    default:
      if (!row.deployment_reported && !row.agent_is_busy) return failure('lost_deployment', LOST);
      if (!row.deployment_reported) {
        return failure('deploy_failed', 'the agent has not come to the deployment: it is at another one');
      }
      return failure('deploy_failed', `the agent has not ended the deployment (${row.deployment_status})`);
  }
}

function failure(kind: ErrorKind, message: string): Failure {
  return { kind, message };
}
