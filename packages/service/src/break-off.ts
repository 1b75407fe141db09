// Ends a connection in the middle of a response so that its client notices.
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type Response = { readonly headersSent: boolean; readonly req: { readonly httpVersion: string } };

/** @param res the response that is going out on `socket`, if any: HTTP/1.0 may take an ordinary end for the end of it */
export const breakOff = (socket: Duplex, res: Response | undefined): void => {
  if (res?.headersSent && res.req.httpVersion === '1.0' && socket instanceof Socket) socket.resetAndDestroy();
  else socket.destroy();
};
