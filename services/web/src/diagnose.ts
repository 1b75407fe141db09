// Asks once more what a server is that ended a connection, or was silent, before it had said anything.
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { kindOf, type Target, Unreachable } from '@container-counter/network/failure';

/**
 * What `error` really was, for an attempt in which Redis had said nothing. It explains itself at once when it refuses a
 * client, but that is lost when it resets the connection because of what the client had sent by then: so this client
 * only listens. A server that speaks TLS, and one that does not, say nothing to who speaks otherwise: so it is asked in
 * the other way too.
 */
export const diagnose = async (error: unknown, { host, port }: Target, tls: boolean, timeoutMs: number) => {
  const kind = kindOf(error);
  // TLS that is not answered looks as if nobody was there.
  if (kind !== 'closed' && !(tls && (kind === 'unanswered' || kind === 'silent'))) return error;
  const heard =
    kind === 'closed' ? await listenTo(tls ? connectTls({ host, port }) : connect(port, host), timeoutMs) : '';
  if (heard instanceof Error && kindOf(heard) !== 'closed') return heard;
  if (typeof heard === 'string' && heard.startsWith('-')) return new Error(heard.slice(1).trim(), { cause: error });
  if (tls) {
    const plain = connect(port, host, () => plain.write('PING\r\n'));
    return /^[-+]/.test(String(await listenTo(plain, timeoutMs))) ? new Unreachable('no tls', { cause: error }) : error;
  }
  const secure = connectTls({ host, port, rejectUnauthorized: false });
  let agreed = false;
  secure.once('secureConnect', () => {
    agreed = true;
    secure.destroy();
  });
  await listenTo(secure, timeoutMs);
  return agreed ? new Unreachable('tls required', { cause: error }) : error;
};

/** The first that `socket` says, or its error; the empty string when there is neither in time. */
const listenTo = (socket: Socket, timeoutMs: number): Promise<string | Error> =>
  new Promise<string | Error>((resolve) => {
    socket
      .setTimeout(timeoutMs)
      .on('data', (data) => resolve(data.toString('latin1')))
      .on('error', resolve)
      .on('timeout', () => resolve(''))
      .on('close', () => resolve(''));
  }).finally(() => socket.destroy());
