// An upstream that records every byte it gets, parses requests strictly, and echoes each in its response.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Cleanup } from '@container-counter/testing/ends';
import { readRequest, type SeenRequest, valuesOf } from './strict-request.ts';

export type Recorder = {
  readonly port: number;
  /** Whole requests since the last `clear`, without probes. */
  readonly requests: SeenRequest[];
  /** What was no request, since the last `clear`. */
  readonly malformed: string[];
  /** Forgets what was recorded. */
  readonly clear: () => void;
};

/** Starts a recorder on loopback. It responds to probes, which are the requests for /readyz that were not forwarded. */
export const startRecorder = async (t: Cleanup): Promise<Recorder> => {
  const requests: SeenRequest[] = [];
  const malformed: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let bytes = '';
    let expecting = true;
    sockets.add(socket);
    socket.setEncoding('latin1').on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.on('data', (piece: string) => {
      bytes += piece;
      while (bytes !== '') {
        const reading = readRequest(bytes);
        if (reading.state === 'incomplete') {
          if (reading.expects && expecting) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
          expecting = !reading.expects;
          return;
        }
        if (reading.state === 'malformed') {
          malformed.push(`${reading.why} in ${JSON.stringify(bytes)}`);
          return socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        }
        const { request } = reading;
        bytes = bytes.slice(request.raw.length);
        expecting = true;
        const probe = request.target === '/readyz' && valuesOf(request.fields, 'x-forwarded-for').length === 0;
        if (!probe) requests.push(request);
        socket.write(responseTo(request), 'latin1');
      }
    });
  });
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clear = () => {
    requests.length = 0;
    malformed.length = 0;
  };
  return { port, requests, malformed, clear };
};

const responseTo = ({ method, target }: SeenRequest): string => {
  const body = `${method} ${target}\n`;
  const head = `HTTP/1.1 200 OK\r\nX-Served-By: recorder\r\nContent-Length: ${body.length}\r\n\r\n`;
  return method === 'HEAD' ? head : head + body;
};
