import { expect, test } from 'vitest';
import { listCertificates } from '../../../runner/scenarios/list_certificates.ts';

const arrival = { runId: 'r', scenario: 'list_certificates', index: 0, runStartMs: 0 };
const page = { data: [{}, {}], total: 2, page: 1, per_page: 50 };
const problem = (answer: unknown) => listCertificates.problem(JSON.stringify(answer), arrival);

test('asks for the first 50', () => {
  expect(listCertificates.request(arrival)).toEqual({
    method: 'GET',
    path: '/api/v1/certificates?per_page=50',
  });
  expect(listCertificates.status).toBe(200);
});

test.each([
  page,
  { ...page, data: [], total: 0 },
  { ...page, total: 1 },
  { ...page, data: new Array(50).fill({}), total: 15_000 },
])('accepts %j', (answer) => {
  expect(problem(answer)).toBeUndefined();
});

test.each([
  ['no object', [], 'the answer is not a JSON object'],
  ['no data', { ...page, data: null }, 'data is not an array'],
  ['too much data', { ...page, data: new Array(51).fill({}), total: 60 }, /^data has 51 entries/],
  ['no total', { ...page, total: '2' }, 'total is not a count'],
  ['a total that is no count', { ...page, total: -1 }, 'total is not a count'],
  ['another page', { ...page, page: 2 }, 'page is 2, asked was 1'],
  ['another page size', { ...page, per_page: 20 }, 'per_page is 20, asked was 50'],
])('refuses %s', (_name, answer, expected) => {
  expect(problem(answer)).toMatch(expected);
});
