// The routes of records: stores and reads bytes exactly as they were sent.
import querystring from 'node:querystring';
import { sendText } from '@container-counter/service/send';
import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import type { Since } from './arrivals.ts';
import { RequestError } from './errors.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { MAX_VALUE_BYTES, type Records, tooLong } from './records.ts';

const STORED = 'success\n';

/** GET /redis/set?key=K&value=V */
export const setByQuery =
  (records: Records, since: Since): RequestHandler =>
  async (req, res) => {
    await records.set(parameter(req, 'key'), parameter(req, 'value'), idempotencyKeyOf(req), since());
    sendText(req, res, STORED);
  };

/** PUT /redis/K, the value is the body. */
export const put = (records: Records, since: Since): (RequestHandler | ErrorRequestHandler)[] => {
  const store: RequestHandler = async (req, res) => {
    const key = Buffer.from(latin1(pathOf(req).slice('/redis/'.length)), 'latin1');
    const value = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    await records.set(key, value, idempotencyKeyOf(req), since());
    sendText(req, res, STORED);
  };
  return [express.raw({ type: () => true, limit: MAX_VALUE_BYTES, inflate: false }), refusedBody, store];
};

/** GET /redis/get?key=K */
export const get =
  (records: Records): RequestHandler =>
  async (req, res) => {
    const key = parameter(req, 'key');
    const value = await records.get(key);
    if (value === null) {
      throw new RequestError(404, `There is no record ${JSON.stringify(key.toString())}. Store it with /redis/set.`);
    }
    res.setHeader('Content-Type', 'text/plain; charset=utf-8');
    res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox"); // if a browser takes it for a page, it runs nothing
    res.end(value);
  };

// The errors of Express's body parser.
const refusedBody: ErrorRequestHandler = ({ status, type, message }: HttpError, _req, _res, _next) => {
  if (type === 'entity.too.large') throw tooLong();
  throw new RequestError(status, `The body cannot be read: ${message}. Send its bytes as they are.`);
};

type HttpError = { readonly status: number; readonly type: string; readonly message: string };

const parameter = (req: Request, name: 'key' | 'value'): Buffer => {
  const query = req.url.slice(pathOf(req).length + 1); // its values may contain a ?
  const value = querystring.parse(query, '&', '=', { decodeURIComponent: latin1 })[name];
  if (typeof value === 'string') return Buffer.from(value, 'latin1');
  const fault = value === undefined ? 'is missing' : 'is given more than once';
  throw new RequestError(400, `The parameter ${name} ${fault}. Send it once, as in /redis/set?key=test&value=123.`);
};

const pathOf = (req: Request): string => req.url.split('?')[0] ?? '';

// Percent-encoded bytes need not be UTF-8, which decodeURIComponent would require. In latin1 each byte is one character.
const latin1 = (escaped: string): string =>
  escaped.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
