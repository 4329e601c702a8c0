/** What a TLS client offers, read from its ClientHello (RFC 8446, 4.1.2). */
import { createServer } from 'node:net';

export interface Offer {
  /** Named groups, best first. */
  groups: string[];
  /** Those for which a key share was sent at once. */
  keyShares: string[];
}

/** RFC 8446, 4.2.7; draft-ietf-tls-ecdhe-mlkem. */
const NAMES: Record<number, string> = {
  23: 'P-256',
  24: 'P-384',
  25: 'P-521',
  29: 'X25519',
  30: 'X448',
  4588: 'X25519MLKEM768',
};
const SUPPORTED_GROUPS = 10;
const KEY_SHARE = 51;

/** Lets a client connect to the port that it is told, reads what it offers and hangs up. */
export async function offerOf(client: (port: number) => Promise<unknown>): Promise<Offer> {
  const seen = Promise.withResolvers<Offer>();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt16BE(3)) return;
      seen.resolve(parseClientHello(bytes));
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  try {
    await client(port).catch(() => {});
    return await seen.promise;
  } finally {
    server.close();
  }
}

/** Of the bytes of the record that it is in. */
export function parseClientHello(record: Buffer): Offer {
  const offer: Offer = { groups: [], keyShares: [] };
  // Record header 5, handshake header 4, version 2, random 32.
  let at = 43;
  at += 1 + record.readUInt8(at); // session id
  at += 2 + record.readUInt16BE(at); // cipher suites
  at += 1 + record.readUInt8(at); // compression
  const end = at + 2 + record.readUInt16BE(at);
  for (at += 2; at < end; at += 4 + record.readUInt16BE(at + 2)) {
    const type = record.readUInt16BE(at);
    const body = record.subarray(at + 6, at + 4 + record.readUInt16BE(at + 2));
    if (type === SUPPORTED_GROUPS) {
      for (let i = 0; i < body.length; i += 2) offer.groups.push(name(body.readUInt16BE(i)));
    } else if (type === KEY_SHARE) {
      for (let i = 0; i < body.length; i += 4 + body.readUInt16BE(i + 2))
        offer.keyShares.push(name(body.readUInt16BE(i)));
    }
  }
  return offer;
}

const name = (group: number): string => NAMES[group] ?? `0x${group.toString(16)}`;
