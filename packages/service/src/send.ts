// Sends a complete response at once, with its length; a HEAD request gets the same headers and no body.
import type { IncomingMessage, ServerResponse } from 'node:http';

export const sendText = (req: IncomingMessage, res: ServerResponse, text: string, status = 200): void =>
  send(req, res, status, 'text/plain; charset=utf-8', text);

export const sendJson = (req: IncomingMessage, res: ServerResponse, value: unknown): void =>
  send(req, res, 200, 'application/json', `${JSON.stringify(value)}\n`);

/** @param type the media type */
export const send = (req: IncomingMessage, res: ServerResponse, status: number, type: string, body: string): void => {
  res.statusCode = status;
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(req.method === 'HEAD' ? undefined : body);
};
