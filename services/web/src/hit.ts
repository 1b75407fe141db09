// GET /: counts one hit and answers with its number, in the form that the client asked for.
import { isIP } from 'node:net';
import { plainAddress } from '@container-counter/network/addresses';
import { sendJson, sendText } from '@container-counter/service/send';
import type { Request, RequestHandler } from 'express';
import { clientDisconnected, type Since, wasSuspended } from './arrivals.ts';
import type { Counter, Hit } from './counter.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { sendPage } from './page/serve.ts';
import { TooLate } from './redis.ts';

export const createHit =
  (counter: Counter, replica: string, since: Since): RequestHandler =>
  async (req, res) => {
    res.setHeader('Vary', 'Accept');
    const arrived = since();
    // Its client has asked another replica meanwhile, so nobody needs this hit, or it waits and has closed its side.
    if (wasSuspended(arrived) && (await clientDisconnected(req))) throw new TooLate();
    const client = clientOf(req);
    const asked = { id: String(res.getHeader('X-Request-Id')), attempt: attemptOf(req) };
    const hit = await counter.hit(replica, client, idempotencyKeyOf(req), arrived, asked);
    const address = plainAddress(req.socket.localAddress);
    const sentence = `hit ${hit.number} served by ${replica} (${address})`;
    const form = formOf(req);
    if (form === JSON_TYPE) sendJson(req, res, hitDocument(hit, replica, address, client));
    else if (form === 'text/html') sendPage(res, sentence);
    else sendText(req, res, `${sentence}\n`);
  };

/** HEAD / has the headers that GET / would have as far as they are known without counting, and never counts. */
export const head: RequestHandler = (_req, res) => {
  res.setHeader('Vary', 'Accept');
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.end();
};

const hitDocument = (hit: Hit, servedBy: string, address: string, ip: string) => ({
  requests: hit.number,
  servedBy,
  address,
  replica: { hits: hit.replicaHits },
  ip,
  client: { hits: hit.clientHits },
});

// curl sends */*, and most programs nothing: those need no negotiation.
const formOf = (req: Request): string | false => {
  const accept = req.headers.accept;
  return accept !== undefined && accept !== '*/*' && req.accepts('text/plain', 'text/html', JSON_TYPE);
};

const JSON_TYPE = 'application/json';

// Express takes what a trusted proxy forwards as it is; an address that is none, or one with any zone after its %,
// would become a key in Redis.
const clientOf = (req: Request): string => {
  const address = plainAddress(req.ip);
  return isIP(address) === 0 || address.includes('%') ? plainAddress(req.socket.remoteAddress) : address;
};

// The proxy says so from its second try on.
const attemptOf = (req: Request): number => {
  const attempt = req.headers['x-attempt'];
  return typeof attempt === 'string' && /^[1-9]\d?$/.test(attempt) ? Number(attempt) : 1;
};
