/** The subject lists its inventory: the first page of 50. */
import { parseObject } from './json.ts';
import type { Scenario } from './scenario.ts';

const PER_PAGE = 50;

export const listCertificates: Scenario = {
  endpoint: 'api',
  status: 200,
  request: () => ({ method: 'GET', path: `/api/v1/certificates?per_page=${PER_PAGE}` }),
  problem(body) {
    const list = parseObject(body);
    if (list === undefined) return 'the answer is not a JSON object';
    const { data, total, page, per_page } = list;
    if (!Array.isArray(data)) return 'data is not an array';
    if (data.length > PER_PAGE) return `data has ${data.length} entries, asked were at most ${PER_PAGE}`;
    // Not compared with the rows: certctl counts and reads in two statements, and a certificate that is made
    // between them is in the rows but not in the total.
    if (!Number.isInteger(total) || Number(total) < 0) return 'total is not a count';
    if (page !== 1) return `page is ${JSON.stringify(page)}, asked was 1`;
    if (per_page !== PER_PAGE) return `per_page is ${JSON.stringify(per_page)}, asked was ${PER_PAGE}`;
    return undefined;
  },
};
