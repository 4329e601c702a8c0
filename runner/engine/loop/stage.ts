/** How far a loop has come, by what certctl's rows say, and what it is called where it stops there. */
import type { LoopStage } from '../../plan/loop.ts';
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
   * Whether its agent, or one of the same host, is at another deployment or has just reported one, and its agent none that
   * is newer: those of one poll are handed out together, and done one by one in the order in which they were made; agents
   * of a host may have one server, and take turns. An agent that has polled twice since the deployment was made has done
   * all that the first of them brought.
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

/**
 * Whether an agent may be deploying, or have deployed: only then is the site looked at. One that was handed out waits
 * for its agent to come to it, or is lost.
 */
export function mayBeServed({ deployment_status, deployment_reported }: LoopRow): boolean {
  return deployment_status === 'Completed' || (deployment_status === 'Running' && deployment_reported);
}

const LOST =
  'the deployment was taken from the agent by the job processor of the server, and is never delivered: set ' +
  'CERTCTL_SCHEDULER_JOB_PROCESSOR_INTERVAL to 24h; to have it delivered, report its job as Pending';

/** Where a loop stands whose renewal was accepted. */
export function stageOf({ renewal_status, deployment_status }: LoopRow): LoopStage {
  if (renewal_status === 'AwaitingCSR') return 'csr';
  if (renewal_status !== 'Completed') return 'sign';
  if (deployment_status === null || deployment_status === 'Pending') return 'claim';
  return deployment_status === 'Completed' ? 'serve' : 'deploy';
}

/**
 * What a loop waited for in vain when it was given up.
 *
 * @param row undefined where none was seen
 * @param shown fingerprint that the site showed last, and what it showed before the loop
 */
export function stoppedAt(
  stage: LoopStage,
  row: LoopRow | undefined,
  shown: { before: string | undefined; last: string | undefined },
): Failure {
  switch (stage) {
    case 'accept':
      return failure('not_accepted', 'the renewal was not answered');
    case 'csr':
      return failure('no_csr', 'no agent has sent a CSR');
    case 'sign':
      return failure('not_signed', `the renewal is still ${row?.renewal_status}`);
    case 'claim':
      return row?.deployment === null
        ? failure('not_claimed', 'certctl made no deployment: is the certificate bound to a target?')
        : failure('not_claimed', 'no agent has fetched the deployment');
    case 'deploy':
      return notDeployed(row);
    case 'serve': {
      const { before, last } = shown;
      if (last !== undefined && last !== before) {
        return failure('wrong_certificate', `the site shows ${last}, issued is ${row?.fingerprint}`);
      }
      const seen = last === undefined ? 'answers no handshake' : 'shows the certificate of before';
      return failure('not_served', `the deployment is Completed, and the site ${seen}`);
    }
  }
}

function notDeployed(row: LoopRow | undefined): Failure {
  if (row?.deployment_reported) {
    return failure('deploy_failed', `the agent has not ended the deployment (${row.deployment_status})`);
  }
  if (row?.agent_is_busy) {
    return failure(
      'deploy_failed',
      'the agent has not come to the deployment: it, or one of its host, is at another one',
    );
  }
  return failure('lost_deployment', LOST);
}

function failure(kind: ErrorKind, message: string): Failure {
  return { kind, message };
}
