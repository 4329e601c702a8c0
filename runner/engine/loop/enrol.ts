/** Begins a loop with a new certificate for its site: it is created, bound to the site, and renewed for the first time. */
import { certificateId, certificateName, createCertificate } from '../../scenarios/certificate.ts';
import type { Clock } from '../clock.ts';
import type { RunFacts } from '../driver.ts';
import { type Begin, Refused, renew, said } from './begin.ts';
import type { Binder } from './binder.ts';

const CREATED = 201;

interface EnrolOptions extends RunFacts {
  scenario: string;
  binder: Pick<Binder, 'bind'>;
  clock: Clock;
}

/** What the site had before stays bound to it, and is renewed by nobody. */
export function enrolment({ runId, runStartMs, scenario, binder, clock }: EnrolOptions): Begin {
  let index = 0;
  return ({ servername, target }) => {
    const name = certificateName({ runId, scenario, index: index++ });
    const certificate = certificateId(name);
    return {
      certificate,
      begin: async (call, renewal) => {
        const created = await call(createCertificate(name, servername, runStartMs));
        if (created.failure !== undefined || created.status !== CREATED) {
          throw new Refused(`the certificate was not created: ${said(created)}`);
        }
        try {
          await binder.bind(certificate, target);
        } catch (error) {
          throw new Refused(`the certificate was not bound to its target: ${(error as Error).message}`);
        }
        const boundNs = clock();
        return { createdNs: created.endNs, boundNs, ...(await renew(certificate, call, renewal)) };
      },
    };
  };
}
