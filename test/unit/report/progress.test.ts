import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Counts, Progress } from '../../../runner/engine/contract.ts';
import { liveProgress } from '../../../runner/report/progress.ts';

function at(elapsedMs: number): Progress {
  const counts = (fates: Partial<Counts>): Counts => ({
    offered: 0,
    completed: 0,
    failed: 0,
    failedByKind: {},
    dropped: 0,
    unfinished: 0,
    sent: 0,
    ...fates,
  });
  return {
    elapsedMs,
    totalMs: 310_000,
    scenarios: [
      {
        name: 'issuance_acceptance',
        counts: counts({ sent: 5115, failed: 3 }),
        inFlight: 4,
        rate: 50,
        p50: 4.2,
        p95: 12.3,
        p99: 1834.5,
      },
      {
        name: 'f5_handshake',
        counts: counts({ sent: 150, dropped: 1 }),
        inFlight: 1,
        rate: 2,
        p50: null,
        p95: null,
        p99: null,
      },
    ],
  };
}

function screen(isTTY: boolean) {
  const chunks: string[] = [];
  const stream = Object.assign(
    new Writable({
      write(chunk, _, done) {
        chunks.push(String(chunk));
        done();
      },
    }),
    { isTTY, columns: 100, rows: 40 },
  );
  return { stream, text: () => chunks.join('') };
}

test('a terminal shows time left and a row a scenario, and keeps the last state', () => {
  const { stream, text } = screen(true);
  const live = liveProgress(stream, { NO_COLOR: '1' });
  live.update(at(1000));
  live.update(at(102_300));
  live.done();
  const last = stripVTControlCharacters(text()).slice(-1000);
  expect(last).toMatch(/█{13}░{27} {2}1m42s of 5m10s, 3m28s left/);
  expect(last).toMatch(/issuance_acceptance +50\/s +4\.20 +12\.30 +1,834\.50 +3 +0 +4/);
  expect(last).toMatch(/f5_handshake +2\/s +– +– +– +0 +1 +1\n/);
});

test('after the last arrival the view says what it waits for', () => {
  const { stream, text } = screen(true);
  liveProgress(stream, { NO_COLOR: '1' }).update(at(311_000));
  expect(text()).toContain('waiting for what is in flight');
});

test('colours are for terminals, unless NO_COLOR says otherwise', () => {
  const red = '\u001b[31m3\u001b[39m';
  const shown = [screen(true), screen(true), screen(false)] as const;
  liveProgress(shown[0].stream, {}).update(at(10_000));
  liveProgress(shown[1].stream, { NO_COLOR: '1' }).update(at(10_000));
  liveProgress(shown[2].stream, {}).update(at(10_000));
  expect(shown.map(({ text }) => text().includes(red))).toEqual([true, false, false]);
});

test('elsewhere there is one plain line every ten seconds, and one at the end', () => {
  const { stream, text } = screen(false);
  const live = liveProgress(stream, {});
  for (let second = 1; second <= 25; second++) live.update(at(second * 1000 + 5));
  live.done();
  live.done();
  const lines = text().trimEnd().split('\n');
  expect(lines.map((line) => line.split(' of ')[0])).toEqual(['10s', '20s', '25s']);
  expect(lines[0]).toBe(
    '10s of 5m10s, 52/s, 5,265 sent, 3 errors, 1 dropped, 5 in flight, worst p99 1,834.50 ms',
  );
});

test('a late report is one line, not several', () => {
  const { stream, text } = screen(false);
  const live = liveProgress(stream, {});
  for (const second of [9, 35, 36, 40]) live.update(at(second * 1000));
  expect(text().match(/ of 5m10s/g)).toHaveLength(2);
});

test.each([true, false])('a line that stays (terminal: %s)', (isTTY) => {
  const { stream, text } = screen(isTTY);
  const live = liveProgress(stream, { NO_COLOR: '1' });
  live.update(at(1000));
  live.say('the gateway says no');
  live.update(at(2000));
  live.done();
  live.say('and goes on to');
  expect(stripVTControlCharacters(text())).toMatch(/the gateway says no\n.*\nand goes on to\n$/s);
});
