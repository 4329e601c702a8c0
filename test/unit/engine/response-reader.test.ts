import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ResponseReader } from '../../../runner/engine/response-reader.ts';

const head = (...lines: string[]) => `${['HTTP/1.1 200 OK', ...lines].join('\r\n')}\r\n\r\n`;

/** Reads bytes in pieces of these lengths (the last one again and again), out of one buffer that is overwritten. */
function read(reader: ResponseReader, text: string, lengths = [Infinity]): boolean {
  const bytes = Buffer.from(text);
  const shared = Buffer.alloc(bytes.length);
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const length = lengths[Math.min(piece, lengths.length - 1)] ?? 1;
    const copied = bytes.copy(shared, 0, at, Math.min(bytes.length, at + length));
    const isComplete = reader.read(shared.subarray(0, copied));
    at += copied;
    if (isComplete) return at === bytes.length;
  }
  return false;
}

const chunked = (body: string, size: number) => {
  const bytes = Buffer.from(body);
  const chunks: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    chunks.push(`${chunk.length.toString(16)};note=1\r\n${chunk.toString('latin1')}\r\n`);
  }
  return `${chunks.join('')}0\r\nTrailer: yes\r\n\r\n`;
};

test('however its bytes are cut, an answer is the same, and so is the next one on the connection', () => {
  const body = fc.string({ unit: fc.constantFrom('a', '{', '\r', '\n', '0', ' '), maxLength: 60 });
  const framed = fc.tuple(body, fc.integer({ min: 0, max: 20 })).map(([body, size]) => ({
    body,
    text:
      size === 0
        ? head('Date: today', `content-length: ${body.length}`) + body
        : `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${head('Transfer-Encoding: chunked')}${chunked(body, size)}`,
  }));
  const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(fc.tuple(framed, lengths), { minLength: 1 }), (answers) => {
      const reader = new ResponseReader();
      for (const [{ body, text }, lengths] of answers) {
        reader.reset();
        expect(read(reader, text, lengths)).toBe(true);
        expect(reader).toMatchObject({ status: 200, keepsAlive: true });
        expect(reader.body()).toBe(body);
      }
    }),
  );
});

test.each([
  ['HTTP/1.1 204 No Content\r\n\r\n', 204, true],
  ['HTTP/1.1 500 Oh\r\nContent-Length: 2\r\nConnection: Close\r\n\r\nno', 500, false],
  ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', 200, false],
  ['HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n', 200, true],
  // Bytes that nobody asked for.
  ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n12', 200, false],
])('%j: status %i, kept: %j', (text, status, keepsAlive) => {
  const reader = new ResponseReader();
  expect(read(reader, text)).toBe(true);
  expect(reader).toMatchObject({ status, keepsAlive, idleMs: Infinity });
});

test('the server says how long it keeps an idle connection', () => {
  const reader = new ResponseReader();
  read(reader, head('Keep-Alive: max=100, timeout=5', 'Content-Length: 0'));
  expect(reader.idleMs).toBe(5000);
});

test('without a length the end of the connection is the end of the answer; with one it is not', () => {
  const reader = new ResponseReader();
  expect(read(reader, `${head('Content-Type: text/plain')}so far`)).toBe(false);
  expect([reader.end(), reader.body()]).toEqual([true, 'so far']);
  reader.reset();
  expect(read(reader, `${head('Content-Length: 9')}so far`)).toBe(false);
  expect(reader.end()).toBe(false);
});

test.each([
  ['SSH-2.0-OpenSSH\r\n\r\n', 'not HTTP/1.1'],
  [`${head('Transfer-Encoding: chunked')}five\r\nhello`, 'no length'],
  [`${head('Transfer-Encoding: chunked')}3\r\nhello\r\n`, 'longer than its length'],
  ['x'.repeat(70_000), 'does not end'],
])('%.20s is refused', (text, message) => {
  expect(() => read(new ResponseReader(), text)).toThrow(
    expect.objectContaining({ code: 'HPE_INVALID', message: expect.stringContaining(message) }),
  );
});
