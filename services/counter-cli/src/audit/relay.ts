// A TCP relay in front of Redis that can be cut, as a container is disconnected from its network.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Relay = {
  /** On loopback. */
  readonly port: number;
  /** From now on nothing passes, and no connection is closed. */
  readonly cut: () => void;
  /** Delivers what was held back, as TCP retransmits it, even if its sender has given up meanwhile. */
  readonly restore: () => void;
  readonly close: () => void;
};

/** @param port of loopback, where the connections lead */
export const startRelay = async (port: number): Promise<Relay> => {
  const open = new Set<Socket>();
  let held: (() => void)[] | undefined;
  const pass = (act: () => void): void => {
    if (held === undefined) act();
    else held.push(act);
  };
  const carry = (from: Socket, to: Socket): void => {
    open.add(from);
    from.on('data', (chunk) => pass(() => to.write(chunk)));
    from.once('end', () => pass(() => to.end()));
    from.on('error', () => pass(() => to.destroy()));
    from.once('close', () => {
      open.delete(from);
      pass(() => to.end());
    });
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    open.add(client);
    pass(() => {
      const redis = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
      carry(client, redis);
      carry(redis, client);
    });
    client.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      held ??= [];
    },
    restore: () => {
      const late = held ?? [];
      held = undefined;
      for (const act of late) act();
    },
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
};
