/** A Unix socket in front of the engine's, so that a test can make the engine go away for one checkout only. */
import { connect, createServer, type Socket } from 'node:net';

export class SocketProxy {
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => {
    const far = connect(this.target);
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    near.once('error', () => far.destroy());
    far.once('error', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  readonly path: string;
  readonly target: string;

  constructor(path: string, target: string) {
    this.path = path;
    this.target = target;
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.path, resolve);
    });
  }

  /** The engine is gone: connections break, new ones are refused. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
