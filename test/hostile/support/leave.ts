// A client that sends something, and then leaves its connection in one of the ways in which clients do.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type Leave = {
  /** `stall`: it neither says nor reads anything more, for a while. */
  readonly manner: 'reset' | 'half-close' | 'stall' | 'close';
  /** At once when its bytes are sent, or so many milliseconds after the first byte of a response, if there is one. */
  readonly when: 'sent' | number;
};

/** Every way, and the moments at which a server may be about to do something with the socket. */
export const LEAVES: readonly Leave[] = [
  ...(['sent', 0, 1, 5, 20, 100] as const).map((when) => ({ manner: 'reset', when }) as const),
  { manner: 'close', when: 'sent' },
  { manner: 'close', when: 0 },
  { manner: 'half-close', when: 'sent' },
  { manner: 'half-close', when: 0 },
  { manner: 'stall', when: 'sent' },
];

/**
 * Connects to `port`, sends `bytes`, each character one byte, and leaves. Resolves when the connection is closed.
 * @param patienceMs how long it waits for anything to happen before it resets the connection
 */
export const leaveAfter = async (port: number, bytes: string, leave: Leave, patienceMs = 1500): Promise<void> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  await talkAndLeave(
    socket.on('error', () => {}),
    bytes,
    leave,
    patienceMs,
  );
};

/** The same, over a connection that is there. */
export const talkAndLeave = async (
  socket: Socket,
  bytes: string,
  { manner, when }: Leave,
  patienceMs = 1500,
): Promise<void> => {
  const closed = new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once('close', resolve)));
  const timer = setTimeout(() => socket.resetAndDestroy(), patienceMs);
  socket.once('end', () => socket.destroy());
  const sent = new Promise((resolve) => socket.write(bytes, 'latin1', resolve));
  await Promise.race([sent, closed]);
  if (manner === 'stall') socket.pause();
  else if (when === 'sent') socket.resume();
  else {
    await Promise.race([once(socket, 'data').catch(() => {}), closed]);
    if (when > 0) await pause(when);
  }
  if (manner === 'reset') socket.resetAndDestroy();
  if (manner === 'close') socket.destroy();
  if (manner === 'half-close') socket.end();
  await closed;
  clearTimeout(timer);
};
