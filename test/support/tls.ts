/** Certificates for the servers of tests: a CA of their own, and what it signed. */
import 'reflect-metadata';
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

/** A server certificate for the name (and 127.0.0.1), signed by a new CA; both valid for an hour. */
export async function serverIdentity(servername: string): Promise<ServerIdentity> {
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) };
  const caKeys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Test CA',
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    ...validity,
  });
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${servername}`,
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: servername },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
    ...validity,
  });
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', keys.privateKey),
    'PRIVATE KEY',
  );
  const fingerprint = Buffer.from(await certificate.getThumbprint('SHA-256')).toString('hex');
  return { key, cert: certificate.toString('pem'), ca: ca.toString('pem'), fingerprint };
}
