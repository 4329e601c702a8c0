/** The subject accepts a certificate into its inventory: POST of a new one, answered with its echo. */
import { certificateId, certificateName, createCertificate } from './certificate.ts';
import { parseObject } from './json.ts';
import type { Scenario } from './scenario.ts';

export const issuanceAcceptance: Scenario = {
  endpoint: 'api',
  status: 201,
  request(arrival) {
    const name = certificateName(arrival);
    return createCertificate(name, commonNameOf(name), arrival.runStartMs);
  },
  problem(body, arrival) {
    const echo = parseObject(body);
    if (echo === undefined) return 'the answer is not a JSON object';
    const name = certificateName(arrival);
    const asked = { id: certificateId(name), name, common_name: commonNameOf(name) };
    for (const [field, value] of Object.entries(asked)) {
      if (echo[field] !== value) return `${field} is ${JSON.stringify(echo[field])}, asked was "${value}"`;
    }
    return undefined;
  },
};

const commonNameOf = (name: string) => `${name}.bench.test`;
