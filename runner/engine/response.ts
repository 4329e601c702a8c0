/** Just enough of HTTP/1.1 (RFC 9112) for one answer on a connection that is then closed. */

export interface Response {
  status: number;
  body: string;
}

/** The answer that these bytes are; undefined where it is cut short or is none. */
export function parseResponse(bytes: Buffer): Response | undefined {
  const text = bytes.toString('latin1');
  const headEnd = text.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (headEnd < 0 || status === undefined) return undefined;
  const head = text.slice(0, headEnd + 2);
  const body = text.slice(headEnd + 4);
  const length = /\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n/i.exec(head)?.[1];
  const chunked = /\r\ntransfer-encoding:[^\r]*\bchunked[ \t]*\r\n/i.test(head);
  if (chunked ? !body.endsWith('0\r\n\r\n') : length !== undefined && body.length < Number(length)) {
    return undefined;
  }
  return { status: Number(status), body };
}
