import { expect, test } from 'vitest';
import { failureOf, statusFailure } from '../../../runner/engine/error-kind.ts';

test.each([
  ['ECONNREFUSED', 'connect_refused'],
  ['ETIMEDOUT', 'connect_timeout'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['HPE_INVALID_CONSTANT', 'bad_body'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'bad_body'],
  ['SESSION_RESUMED', 'session_resumed'],
  ['EPROTO', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'untrusted_certificate'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted_certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'untrusted_certificate'],
  ['CERT_HAS_EXPIRED', 'untrusted_certificate'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'tls'],
  ['EMFILE', 'generator_exhausted'],
  ['ENFILE', 'generator_exhausted'],
  ['EADDRNOTAVAIL', 'generator_exhausted'],
  ['ENOBUFS', 'generator_exhausted'],
  ['ENOTFOUND', 'other'],
  [undefined, 'other'],
])('%s is %s', (code, kind) => {
  expect(failureOf(Object.assign(new Error('why'), { code }))).toEqual({ kind, message: 'why' });
});

test('an error without a message still says something', () => {
  expect(failureOf({ code: 'ECONNREFUSED', message: '' }).message).toBe('ECONNREFUSED');
  expect(failureOf('thrown text').message).toBe('thrown text');
});

test.each([
  [200, 201, 'other'],
  [302, 200, 'other'],
  [404, 200, 'http_4xx'],
  [429, 200, 'http_4xx'],
  [500, 201, 'http_5xx'],
  [503, 200, 'http_5xx'],
])('status %d where %d is right is %s', (status, right, kind) => {
  expect(statusFailure(status, right)).toEqual({ kind, message: `status ${status}, right is ${right}` });
});

test('the right status is no failure', () => {
  expect(statusFailure(201, 201)).toBeUndefined();
});
