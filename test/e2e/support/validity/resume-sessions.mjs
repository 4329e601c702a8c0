/** Preloaded into a generator: TLS connections offer the session that the one before was given, as many agents do. */
import { syncBuiltinESMExports } from 'node:module';
import tls from 'node:tls';

const { connect } = tls;
let session;
tls.connect = (options, ...more) => {
  const socket = connect({ ...options, session }, ...more);
  return socket.on('session', (given) => {
    session = given;
  });
};
syncBuiltinESMExports();
