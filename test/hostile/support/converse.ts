// Sends bytes to a server over a new connection, and returns what comes back and whether the connection stays open.
import { once } from 'node:events';
import { connect } from 'node:net';
import { type RawResponse, readResponses } from './responses.ts';

export type Conversation = {
  readonly responses: readonly RawResponse[];
  /** Whether the connection served a further request; else it was closed. */
  readonly open: boolean;
  /** What came back, as it was. */
  readonly received: string;
};

/** A request that only asks whether the connection still serves one. */
export const STILL_THERE = '/still-there';

const FURTHER = `GET ${STILL_THERE} HTTP/1.1\r\nHost: counter.example\r\n\r\n`;

/**
 * Sends `bytes`, each character one byte, and after the response a further request, whose response shows that the
 * connection is open and in step. Ends when that came, or when the server has closed, for which its limits provide.
 * @throws when neither happened within `timeoutMs`
 */
export const converse = async (
  port: number,
  bytes: string,
  isFurther: (response: RawResponse) => boolean = ({ body }) => body === `GET ${STILL_THERE}\n`,
  timeoutMs = 60_000,
): Promise<Conversation> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1');
  const timer = setTimeout(() => socket.destroy(new Error(`${timeoutMs} ms went by`)), timeoutMs);
  let received = '';
  let requested = false;
  let open = false;
  let fault: NodeJS.ErrnoException | undefined;
  const read = (ended: boolean) => readResponses(received, ended, bytes.startsWith('HEAD '));
  socket.on('error', (error) => {
    fault = error;
  });
  socket.on('data', (piece: string) => {
    received += piece;
    const responses = read(false);
    const newest = responses.at(-1);
    if (newest === undefined || newest.status < 200 || newest.last) return;
    open = requested && isFurther(newest);
    if (open) socket.destroy();
    else if (!requested) requested = socket.write(FURTHER) || true;
  });
  socket.write(bytes, 'latin1');
  if (!socket.closed) await once(socket, 'close').catch(() => {});
  clearTimeout(timer);
  if (fault !== undefined && fault.code === undefined) throw fault;
  const responses = read(true);
  return { responses: open ? responses.slice(0, -1) : responses, open, received };
};
