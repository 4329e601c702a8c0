/** k6's phases of a request, from the times of an exchange. */
import type { TrendMetric } from './contract.ts';
import { type Exchange, NEVER } from './exchange.ts';

/**
 * Calls `emit` with each phase that was reached, in ns. Meanings as in k6 (lib/netext/httpext/tracer.go):
 * `blocked` is the wait for a connection, with its connect and TLS in it; connecting and TLS are 0 on a kept
 * connection; `duration` = sending + waiting + receiving, without connect and TLS.
 *
 * Unlike k6, a failed request counts too: the phase in which it was cut off lasts until the end, and those
 * after it are not recorded (k6 records 0, which makes failing look fast).
 */
export function phases(exchange: Exchange, emit: (metric: TrendMetric, ns: number) => void): void {
  const { sentNs, dialNs, connectedNs, securedNs, writeNs, writtenNs, firstByteNs, endNs } = exchange;
  const until = (reached: number) => (reached === NEVER ? endNs : reached);
  emit('http_req_blocked', until(writeNs) - sentNs);
  if (dialNs !== NEVER) {
    emit('http_req_connecting', until(connectedNs) - dialNs);
    if (connectedNs !== NEVER) emit('http_req_tls_handshaking', until(securedNs) - connectedNs);
  } else if (writeNs !== NEVER) {
    emit('http_req_connecting', 0);
    emit('http_req_tls_handshaking', 0);
  }
  if (writeNs === NEVER) return;
  emit('http_req_duration', endNs - writeNs);
  emit('http_req_sending', until(writtenNs) - writeNs);
  if (writtenNs === NEVER) return;
  emit('http_req_waiting', until(firstByteNs) - writtenNs);
  if (firstByteNs !== NEVER) emit('http_req_receiving', endNs - firstByteNs);
}
