// A server of a test that speaks as the proxy and the live feed do, in whatever words the test gives it.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Cleanup } from '@container-counter/testing/ends';
import { listening } from '@container-counter/testing/listening';

/** Responds to every GET with `body`, and to a WebSocket with `messages`. @returns its URL */
export const startFeed = async (t: Cleanup, body: string, messages: readonly string[]): Promise<string> => {
  const server = createServer((_req, res) => res.end(body));
  server.on('upgrade', (req, socket) => {
    const accept = createHash('sha1').update(`${req.headers['sec-websocket-key']}${GUID}`).digest('base64');
    const fields = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join('\r\n')}\r\n\r\n`);
    for (const message of messages) socket.write(frameOf(message));
    socket.once('data', () => socket.end()); // all that a client sends is that it closes
  });
  return `http://127.0.0.1:${await listening(t, server)}`;
};

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // RFC 6455

const frameOf = (text: string): Buffer => {
  const payload = Buffer.from(text);
  const length = Buffer.from([126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([Buffer.from([0x81]), length, payload]);
};
