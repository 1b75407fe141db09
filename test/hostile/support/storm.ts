// Sends generated requests to a server for a bounded time, over many connections.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { mutants, random } from './mutate.ts';
import { each } from './pool.ts';

/** The seed of this run: `HOSTILE_SEED`, to repeat one, else a new one. It is printed. */
export const seedOf = (t: TestContext): number => {
  const seed = Number(process.env['HOSTILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  t.diagnostic(`HOSTILE_SEED=${seed}`);
  return seed;
};

// How long a client waits for anything to happen; the limits of the proxy are shorter when it is quick.
const PATIENCE_MS = 700;

/** @returns how many requests were sent within `ms` milliseconds */
export const storm = async (port: number, seed: number, ms: number): Promise<number> => {
  const until = performance.now() + ms;
  const next = random(seed);
  let sent = 0;
  const some = function* () {
    for (const bytes of mutants(seed)) {
      if (performance.now() > until) return;
      sent += 1;
      yield bytes;
    }
  };
  await each(some(), 32, async (bytes) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }).on('error', () => {});
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    const closed = once(socket, 'close');
    const middle = Math.floor(bytes.length * next());
    // A third of the clients hang up after the first answer, a third close their side, and a third just leave.
    const manner = Math.floor(next() * 3);
    if (manner === 0) socket.once('data', () => socket.destroy());
    else socket.resume();
    socket.write(bytes.slice(0, middle), 'latin1');
    socket.write(bytes.slice(middle), 'latin1', () => {
      if (manner === 1) socket.end();
      if (manner === 2) socket.destroy();
    });
    await closed.catch(() => {});
  });
  return sent;
};
