/** Answers of HTTP/1.1 (RFC 9112) out of the bytes of a connection that is kept, one after the other. */

type Framing = { type: 'length'; length: number } | { type: 'chunked' } | { type: 'until close' };

/** Beyond this a head is none: servers have limits of 8 to 64 KB. */
const MAX_HEAD_BYTES = 65_536;
const NOTHING = Buffer.alloc(0);

export class ResponseReader {
  status = 0;
  /** Whether the connection may carry another request; to be asked when the answer is complete. */
  keepsAlive = false;
  /** How long the server says that it keeps an idle connection, ms; Infinity where it does not say. */
  idleMs = Infinity;
  #framing: Framing | undefined;
  /** Bytes that are not understood yet. */
  #rest: Buffer = NOTHING;
  #body: Buffer[] = [];
  #bodyBytes = 0;

  /** Makes ready for the next answer. */
  reset(): void {
    this.#framing = undefined;
    this.#rest = NOTHING;
    this.#body = [];
    this.#bodyBytes = 0;
  }

  /**
   * Takes what came; true when the answer is complete. The bytes may be overwritten afterwards, but not before `body`
   * was called of an answer that they complete.
   * @throws an error with a code `HPE_…` where this is no HTTP/1.1
   */
  read(bytes: Buffer): boolean {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#rest = NOTHING;
    while (this.#framing === undefined) {
      const headEnd = rest.indexOf('\r\n\r\n');
      if (headEnd < 0) return this.#wait(rest);
      this.#readHead(rest.toString('latin1', 0, headEnd + 2));
      rest = rest.subarray(headEnd + 4);
    }
    switch (this.#framing.type) {
      case 'length':
        return this.#readLength(rest, this.#framing.length);
      case 'chunked':
        return this.#readChunks(rest);
      case 'until close':
        this.#keep(rest);
        return false;
    }
  }

  /** The server closed the connection; true where that is how the answer ends. */
  end(): boolean {
    return this.#framing?.type === 'until close';
  }

  body(): string {
    const [first = NOTHING] = this.#body;
    return this.#body.length === 1 ? first.toString() : Buffer.concat(this.#body).toString();
  }

  /** Leaves the framing undefined after an interim answer (1xx). */
  #readHead(head: string): void {
    const [, minor, status] = /^HTTP\/1\.([01]) (\d{3})[ \r]/.exec(head) ?? [];
    if (status === undefined) throw malformed('the answer is not HTTP/1.1');
    this.status = Number(status);
    if (this.status < 200) return;
    const connection = /\r\nconnection:[ \t]*([^\r]*)/i.exec(head)?.[1] ?? '';
    this.keepsAlive = minor === '1' ? !/\bclose\b/i.test(connection) : /\bkeep-alive\b/i.test(connection);
    const timeout = /\r\nkeep-alive:[^\r]*\btimeout=(\d+)/i.exec(head)?.[1];
    this.idleMs = timeout === undefined ? Infinity : Number(timeout) * 1000;
    this.#framing = framingOf(head, this.status);
    if (this.#framing.type === 'until close') this.keepsAlive = false;
  }

  #readLength(rest: Buffer, length: number): boolean {
    const missing = length - this.#bodyBytes;
    if (rest.length < missing) {
      this.#keep(rest);
      return false;
    }
    // What nobody asked for comes after the answer: the connection is out of step.
    if (rest.length > missing) this.keepsAlive = false;
    this.#body.push(rest.length > missing ? rest.subarray(0, missing) : rest);
    return true;
  }

  #readChunks(bytes: Buffer): boolean {
    let rest = bytes;
    for (;;) {
      const lineEnd = rest.indexOf('\r\n');
      if (lineEnd < 0) return this.#wait(rest);
      const digits = /^[0-9a-f]{1,8}(?=[ \t;]|$)/i.exec(rest.toString('latin1', 0, lineEnd))?.[0];
      if (digits === undefined) throw malformed('a chunk of the answer has no length');
      const size = Number.parseInt(digits, 16);
      if (size === 0) return this.#readTrailer(rest, lineEnd);
      const dataEnd = lineEnd + 2 + size;
      if (rest.length < dataEnd + 2) return this.#wait(rest);
      if (rest.toString('latin1', dataEnd, dataEnd + 2) !== '\r\n')
        throw malformed('a chunk of the answer is longer than its length');
      this.#keep(rest.subarray(lineEnd + 2, dataEnd));
      rest = rest.subarray(dataEnd + 2);
    }
  }

  /** After the last chunk: an empty line, before which there may be trailer fields. */
  #readTrailer(rest: Buffer, lineEnd: number): boolean {
    const end = rest.indexOf('\r\n\r\n', lineEnd);
    if (end < 0) return this.#wait(rest);
    if (rest.length > end + 4) this.keepsAlive = false;
    return true;
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#body.push(Buffer.from(bytes));
    this.#bodyBytes += bytes.length;
  }

  #wait(rest: Buffer): false {
    if (this.#framing === undefined && rest.length > MAX_HEAD_BYTES)
      throw malformed('the head of the answer does not end');
    this.#rest = Buffer.from(rest);
    return false;
  }
}

/** RFC 9112, 6.3. */
function framingOf(head: string, status: number): Framing {
  if (status === 204 || status === 304) return { type: 'length', length: 0 };
  if (/\r\ntransfer-encoding:[^\r]*\bchunked[ \t]*\r\n/i.test(head)) return { type: 'chunked' };
  const length = /\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n/i.exec(head)?.[1];
  return length === undefined ? { type: 'until close' } : { type: 'length', length: Number(length) };
}

function malformed(message: string): Error {
  return Object.assign(new Error(message), { code: 'HPE_INVALID' });
}
