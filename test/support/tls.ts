/** Certificates for the servers of tests: a CA of their own, and what it signed. */
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface ServerIdentity {
  key: string;
  cert: string;
  /** PEM of the CA that signed it. */
  ca: string;
  /** SHA-256 of the certificate, lowercase hex. */
  fingerprint: string;
}

/** A key and what certifies it. */
interface Identity {
  key: string;
  cert: string;
}

/** A server certificate for the name (and 127.0.0.1), signed by a new CA; both valid for an hour. */
export async function serverIdentity(servername: string): Promise<ServerIdentity> {
  const authority = await newAuthority();
  const names: x509.JsonGeneralName[] = [
    { type: 'dns', value: servername },
    { type: 'ip', value: '127.0.0.1' },
  ];
  const { key, certificate } = await authority.issue(servername, [
    new x509.SubjectAlternativeNameExtension(names),
  ]);
  const fingerprint = Buffer.from(await certificate.getThumbprint('SHA-256')).toString('hex');
  return { key, cert: certificate.toString('pem'), ca: authority.pem, fingerprint };
}

/** A server at the IP address and a client that trust each other by one CA, as Docker wants them. */
export async function mutualIdentities(
  address: string,
): Promise<{ ca: string; server: Identity; client: Identity }> {
  const authority = await newAuthority();
  const issue = async (name: string, usage: x509.ExtendedKeyUsage, extensions: x509.Extension[] = []) => {
    const { key, certificate } = await authority.issue(name, [
      new x509.ExtendedKeyUsageExtension([usage]),
      ...extensions,
    ]);
    return { key, cert: certificate.toString('pem') };
  };
  return {
    ca: authority.pem,
    server: await issue('engine', x509.ExtendedKeyUsage.serverAuth, [
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: address }]),
    ]),
    client: await issue('person', x509.ExtendedKeyUsage.clientAuth),
  };
}

async function newAuthority() {
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const caKeys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    // Of two with one name OpenSSL tries the first alone.
    name: `CN=Test CA ${randomUUID()}`,
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    ...validity,
  });
  const issue = async (name: string, extensions: x509.Extension[]) => {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: ca.subject,
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions,
      ...validity,
    });
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), certificate };
  };
  return { pem: ca.toString('pem'), issue };
}
