import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { reportHtml } from '../../../runner/report/report-html.ts';
import type { Summary } from '../../../runner/result/summary-schema.ts';
import { runOf, scenarioOf } from '../result/run-fixture.ts';
import { evidence, summaryOf, troubledRun } from './support.ts';

async function page(summary: Summary) {
  const text = await reportHtml(summary);
  return { text, document: parseHTML(text).document };
}
const standIn = evidence('baseline-stand-in');
const { text, document } = await page(standIn);
const troubled = await page(await summaryOf(troubledRun()));

test('the verdict comes first, then the banner of the stand-in', () => {
  const [first, second] = document.querySelector('main')?.children ?? [];
  expect(first?.querySelector('h1')?.textContent).toContain('PASSED');
  expect(second?.textContent).toContain('The subject is the stand-in, not certctl');
});

test('certctl has no banner', async () => {
  const real = await page(evidence('baseline-certctl-v2.1.7'));
  expect(real.document.querySelector('.banner')).toBeNull();
  expect(real.document.querySelector('#scope')?.textContent).not.toContain('certctl itself');
});

test('each missed threshold is named in the head', () => {
  const missed = [...troubled.document.querySelectorAll('header .missed li')].map((one) => one.textContent);
  expect(missed).toHaveLength(4);
  expect(missed.join()).toMatch(/f5_handshake\} p\(95\)<1500: value 2,897\.92 ms/);
});

test('what was offered stands beside what was negotiated; of older summaries it is not known', () => {
  const offered = ({ document }: typeof troubled) =>
    document.querySelector('#environment table tbody tr')?.lastElementChild?.textContent;
  expect(offered(troubled)).toBe("TLSv1.2, TLSv1.3; OpenSSL's own suites; X25519, P-256; http/1.1");
  expect(offered({ text, document })).toBe('not known');
});

test('it needs no network and runs no script', () => {
  expect(text).not.toMatch(/<(script|link|img|iframe|object|embed)\b|@import|url\(|srcset/);
  for (const link of document.querySelectorAll('[href], [src]')) {
    expect(link.getAttribute('href') ?? link.getAttribute('src')).toMatch(/^#/);
  }
  expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'");
});

test('every link leads to a section with a heading', () => {
  const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href')?.slice(1) ?? '');
  expect(links.length).toBeGreaterThan(10);
  for (const id of links) expect(document.querySelector(`#${id} h2`), id).not.toBeNull();
});

test('every chart has a name for screen readers and its figures as a table', () => {
  const figures = [...document.querySelectorAll('figure'), ...troubled.document.querySelectorAll('figure')];
  expect(figures.length).toBeGreaterThan(20);
  for (const figure of figures) {
    const title = figure.querySelector('figcaption')?.textContent ?? '';
    expect(figure.querySelector('svg')?.getAttribute('role'), title).toBe('img');
    expect(figure.querySelector('svg')?.getAttribute('aria-label')?.length, title).toBeGreaterThan(20);
    expect(figure.querySelectorAll('svg [aria-label]'), title).toHaveLength(0);
    expect(figure.querySelector('details table tbody tr'), title).not.toBeNull();
  }
});

test('charts hold only finite coordinates', () => {
  for (const one of [document, troubled.document]) {
    for (const shown of one.querySelectorAll('svg, table')) {
      expect(shown.outerHTML).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
    }
  }
});

test('tables name their rows and columns, and scroll with the keyboard', () => {
  for (const table of document.querySelectorAll('table')) {
    const heads = [...table.querySelectorAll('thead th[scope=col]')];
    const columns = heads.length;
    for (const head of heads) expect(head.textContent).not.toBe('');
    expect(table.querySelector('caption')?.textContent).not.toBe('');
    for (const row of table.querySelectorAll('tbody tr')) {
      expect(row.querySelectorAll('th[scope=row]')).toHaveLength(1);
      expect(row.children).toHaveLength(columns);
    }
    expect(table.closest('.scroll')?.getAttribute('tabindex')).toBe('0');
  }
});

test('phases add up to the mean response time', () => {
  const rows = document.querySelectorAll('#phases tbody tr');
  expect(rows).toHaveLength(6);
  for (const row of rows) {
    const cells = [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent?.replace(',', '')));
    const total = cells.pop() ?? 0;
    // Each is rounded to 10 µs, and means of histograms are within 0.1 %.
    expect(cells.reduce((sum, cell) => sum + cell, 0)).toBeCloseTo(total, 0);
  }
});

test('what so few samples cannot claim is said', () => {
  const row = [...document.querySelectorAll('#samples tbody tr')].find((one) =>
    one.textContent?.includes('nginx_handshake'),
  );
  expect(row?.textContent).toMatch(/500.*at most 268\.29 \(0 above\).*not claimable.*needs 4,603/s);
});

test('failures and drops are shown by kind, with the example', () => {
  const arrivals = troubled.document.querySelector('#arrivals');
  expect(arrivals?.textContent).toContain('certificate has expired');
  expect([...(arrivals?.querySelectorAll('.key li') ?? [])].map((one) => one.textContent)).toEqual([
    'tls',
    'timeout',
  ]);
  expect(document.querySelector('#arrivals')?.textContent).toContain('No arrival failed or was dropped.');
});

test('what was not run is NOT TESTED', () => {
  expect(troubled.document.querySelector('#scope')?.textContent).toMatch(/haproxy\s+NOT TESTED/);
});

test('command, seed and hashes are there', async () => {
  const summary = await summaryOf();
  const { document } = await page(summary);
  const disclosure = document.querySelector('#disclosure')?.textContent;
  expect(disclosure).toContain('bench load --profile smoke');
  expect(disclosure).toContain('--seed 42');
  expect(disclosure).toContain(summary.artifacts?.['histograms.hlog'].sha256);
  expect(disclosure).toContain('ab'.repeat(32));
});

test('text from servers stays text', async () => {
  const summary = await summaryOf(troubledRun());
  const evil = '<script>alert(1)</script>"\'&';
  for (const one of Object.values(summary.scenarios))
    for (const sample of one.errorSamples) sample.message = evil;
  summary.run.command.push(evil);
  summary.subject.version = evil;
  const shown = await page(summary);
  expect(shown.text).not.toContain('<script');
  expect(shown.document.querySelector('pre.command')?.textContent).toContain(evil);
});

test('a run without a single sample still has its page', async () => {
  const summary = await summaryOf(runOf([scenarioOf('f5_handshake', [])]));
  const { document } = await page(summary);
  expect(document.querySelector('h1')?.textContent).toContain(summary.verdict);
  expect(document.querySelector('#samples')?.textContent).toContain('not claimable');
});

test('each rule of validity is there with value and limit; one that is broken stands in the head with its remedy', async () => {
  const summary = await summaryOf();
  const [rule] = summary.validity?.rules ?? [];
  if (rule === undefined) throw new Error('a run has rules');
  const valid = await page(structuredClone(summary));
  const rows = valid.document.querySelectorAll('#validity tbody tr');
  expect(rows).toHaveLength(summary.validity?.rules.length ?? 0);
  expect(valid.document.querySelector('#validity .bad')).toBeNull();
  Object.assign(rule, { ok: false, value: 123, limit: 80, remedy: 'do this' });
  summary.verdict = 'INVALID';
  const { document } = await page(summary);
  expect(document.querySelector('header.invalid .missed')?.textContent).toMatch(/123.*limit 80.*do this/);
  expect(document.querySelector('#validity .bad')?.closest('tr')?.textContent).toContain('do this');
});

test('a summary of before the rules says that nothing judged it', () => {
  expect(document.querySelector('#validity')?.textContent).toContain('Not judged');
});

test('what the generator saw of itself is there', async () => {
  const { document } = await page(await summaryOf());
  const text = document.querySelector('#generator')?.textContent;
  expect(text).toMatch(/of a core, all threads.*MiB at most/s);
});

test('the comparability key is there, with all that is in it', async () => {
  const summary = await summaryOf();
  const { document } = await page(summary);
  expect(document.querySelector('#environment')?.textContent).toContain(summary.fingerprint?.key ?? 'no key');
});
