import { expect, test } from 'vitest';
import { parseResponse } from '../../../runner/engine/response.ts';

const parse = (text: string) => parseResponse(Buffer.from(text));

test.each([
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n', { status: 200, body: 'ok\n' }],
  ['no length: until the end', 'HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\nno', { status: 404, body: 'no' }],
  ['an empty body', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, body: '' }],
  ['chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', { status: 200 }],
])('reads an answer with %s', (_name, text, expected) => {
  expect(parse(text)).toMatchObject(expected);
});

test.each([
  ['nothing', ''],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-Le'],
  ['less than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nok'],
  ['no last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n'],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
])('an answer with %s is none', (_name, text) => {
  expect(parse(text)).toBeUndefined();
});
