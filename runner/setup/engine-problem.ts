/** Why a named engine does not answer, from what docker and ssh say, and what helps. */

interface Reason {
  pattern: RegExp;
  words: string;
}

const REASONS: Reason[] = [
  // SSH.
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    words:
      'its SSH host key is not the one that is known; if that is right, remove the old one with ssh-keygen -R and connect once with ssh',
  },
  {
    pattern: /Host key verification failed/,
    words: 'its SSH host key is not known here; connect once by hand with ssh, and accept the key',
  },
  {
    pattern: /Permission denied \(([^)]*)\)/,
    words:
      'SSH lets nobody in with the keys of this user ($1); add yours there (ssh-copy-id), or start ssh-agent',
  },
  {
    pattern: /docker: (?:command )?not found|docker: No such file/,
    words:
      'there is no docker command over there; install Docker on that machine, or put it on the PATH of SSH logins',
  },
  {
    pattern:
      /permission denied while trying to connect to the Docker daemon socket|dial unix \S+: connect: permission denied/,
    words: 'that user may not use Docker over there; add it to the group docker of that machine',
  },
  {
    pattern: /Cannot connect to the Docker daemon at (unix:\S+?)\.? Is the docker daemon running/,
    words: 'Docker does not run there (nothing answers at $1 of that machine); start it there',
  },
  // TLS.
  {
    pattern:
      /(?:could not load X509 key pair|unable to resolve docker endpoint|could not read CA certificate)[^\n]*/i,
    words:
      'the certificates cannot be used ($&); --docker-cert-path must hold ca.pem, cert.pem and key.pem of one set',
  },
  {
    pattern: /x509: certificate signed by unknown authority|certificate verify failed/,
    words:
      'its certificate is not of the authority in ca.pem; --docker-cert-path must hold the ca.pem of that engine',
  },
  {
    pattern:
      /x509: (certificate is (?:valid|not valid)[^\n"]*|cannot validate certificate[^\n"]*|certificate has expired[^\n"]*)/,
    words: 'its certificate does not fit ($1); address it by a name in the certificate, or renew that',
  },
  {
    pattern: /remote error: tls: [^\n"]*|tls: bad certificate/,
    words:
      'it refuses the client certificate ($&); --docker-cert-path must hold a cert.pem that its authority has signed',
  },
  {
    pattern: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    words: 'it speaks no TLS; leave out --docker-cert-path, or set the engine up with --tlsverify',
  },
  {
    pattern: /Client sent an HTTP request to an HTTPS server/,
    words: 'it wants TLS; give the folder with ca.pem, cert.pem and key.pem by --docker-cert-path',
  },
  // The way.
  {
    pattern: /no such host|Could not resolve hostname|Name or service not known/i,
    words: 'there is no machine of that name; correct --docker-host',
  },
  {
    pattern: /No route to host|network is unreachable/i,
    words: 'no way leads to that machine; check network and VPN',
  },
  {
    pattern: /connection refused/i,
    words: 'nobody listens there; check the port, and that the engine (for ssh:// the SSH server) runs',
  },
  {
    pattern: /timed out|i\/o timeout|deadline exceeded/i,
    words: 'that machine does not answer in time; check address, network and firewall',
  },
];

/** Reason and remedy in one line; undefined where `said` is of no known kind. */
export function engineProblem(said: string): string | undefined {
  for (const { pattern, words } of REASONS) {
    const [match] = pattern.exec(said) ?? [];
    if (match !== undefined) return match.replace(pattern, words);
  }
  return undefined;
}
