/** A TCP line between browser and server that can be pulled: nothing passes any more, and nothing says so. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { atEnd } from '../endings.ts';

export interface Cable {
  /** Where the server is found through the cable. */
  readonly url: string;
  pull(): void;
  /** New connections pass; those of before are broken. */
  plug(): void;
}

/** `refuses`: connections that begin like this are ended, as by a proxy that knows no WebSocket. */
export async function cable(server: string, refuses?: RegExp): Promise<Cable> {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket>();
  let isPulled = false;
  const pass = (from: Socket, to: Socket) => {
    open.add(from);
    from.on('data', (bytes) => {
      if (refuses?.test(bytes.toString('latin1', 0, 2_000))) from.destroy();
      else if (!isPulled) to.write(bytes);
    });
    from.on('error', () => {});
    from.on('close', () => {
      open.delete(from);
      to.destroy();
    });
  };
  const line = createServer((near) => {
    const far = connect(Number(port), hostname);
    pass(near, far);
    pass(far, near);
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  atEnd(() => {
    breakAll();
    line.close();
  });
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    pull() {
      isPulled = true;
    },
    plug() {
      isPulled = false;
      breakAll();
    },
  };
}
