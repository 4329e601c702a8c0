import { expect, it } from 'vitest';
import { engineProblem } from '../../../runner/setup/engine-problem.ts';

it.each([
  ['Host key verification failed.', /not known here; connect once by hand/],
  ['@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.', /ssh-keygen -R/],
  ['root@192.0.2.7: Permission denied (publickey).', /\(publickey\); add yours there \(ssh-copy-id\)/],
  ['bash: line 1: docker: command not found', /install Docker on that machine/],
  [
    'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    /group docker/,
  ],
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    /nothing answers at unix:\/\/\/var\/run\/docker\.sock of that machine/,
  ],
  ['could not load X509 key pair: tls: private key does not match', /does not match\); --docker-cert-path/],
  ['error during connect: x509: certificate signed by unknown authority', /not of the authority in ca\.pem/],
  [
    'x509: certificate is valid for 192.0.2.7, not 192.0.2.8',
    /certificate is valid for 192\.0\.2\.7, not 192\.0\.2\.8\); address it/,
  ],
  [
    'remote error: tls: bad certificate',
    /refuses the client certificate \(remote error: tls: bad certificate\)/,
  ],
  ['http: server gave HTTP response to HTTPS client', /speaks no TLS; leave out --docker-cert-path/],
  ['Client sent an HTTP request to an HTTPS server.', /wants TLS.*--docker-cert-path/],
  ['dial tcp: lookup hardware.test: no such host', /correct --docker-host/],
  ['ssh: connect to host 192.0.2.7 port 22: No route to host', /VPN/],
  ['ssh: connect to host 192.0.2.7 port 22: Connection refused', /nobody listens there/],
  ['timed out', /does not answer in time/],
])('%j is told as what helps', (said, words) => {
  const told = engineProblem(said);
  expect(told).toMatch(words);
  expect(told).not.toMatch(/\n|\$/);
});

it('what is not known is not guessed', () => {
  expect(engineProblem('out of cheese')).toBeUndefined();
});
