import { expect, test } from 'vitest';
import { Exchange } from '../../../runner/engine/exchange.ts';
import { phases } from '../../../runner/engine/phases.ts';

type Times = Partial<
  Pick<Exchange, 'dialNs' | 'connectedNs' | 'securedNs' | 'writeNs' | 'writtenNs' | 'firstByteNs'>
>;

/** Phases of an exchange that was sent at 0 and ended at 1000, with the times between. */
function phasesOf(times: Times): Record<string, number> {
  const exchange = Object.assign(
    new Exchange(
      0,
      () => 0,
      () => {},
    ),
    times,
    { endNs: 1000 },
  );
  const seen: Record<string, number> = {};
  phases(exchange, (metric, ns) => {
    seen[metric.replace('http_req_', '')] = ns;
  });
  return seen;
}

const fresh = {
  dialNs: 10,
  connectedNs: 110,
  securedNs: 300,
  writeNs: 310,
  writtenNs: 330,
  firstByteNs: 900,
};

test('a fresh connection: blocked holds connect and TLS, duration does not', () => {
  expect(phasesOf(fresh)).toEqual({
    blocked: 310,
    connecting: 100,
    tls_handshaking: 190,
    sending: 20,
    waiting: 570,
    receiving: 100,
    duration: 690,
  });
});

test('a kept connection: connecting and TLS are 0', () => {
  expect(phasesOf({ writeNs: 5, writtenNs: 10, firstByteNs: 900 })).toMatchObject({
    blocked: 5,
    connecting: 0,
    tls_handshaking: 0,
    duration: 995,
  });
});

test('a request that is cut off: its last phase lasts to the end, later ones are not there', () => {
  expect(phasesOf({})).toEqual({ blocked: 1000 });
  expect(phasesOf({ dialNs: 10 })).toEqual({ blocked: 1000, connecting: 990 });
  expect(phasesOf({ dialNs: 10, connectedNs: 100 })).toEqual({
    blocked: 1000,
    connecting: 90,
    tls_handshaking: 900,
  });
  const { firstByteNs: _, ...waiting } = fresh;
  expect(phasesOf(waiting)).toMatchObject({ waiting: 670, duration: 690 });
  expect(phasesOf(waiting)).not.toHaveProperty('receiving');
});
