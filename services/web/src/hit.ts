// GET /: counts one hit, and responds with its number in the format that the client accepts.
import { isIP } from 'node:net';
import { plainAddress } from '@container-counter/network/addresses';
import { sendJson, sendText } from '@container-counter/service/send';
import type { Request, RequestHandler } from 'express';
import { clientDisconnected, type Since, wasSuspended } from './arrivals.ts';
import type { Counter, Hit } from './counter.ts';
import { problemOf } from './errors.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { sendPage } from './page/serve.ts';
import { TooLate } from './redis.ts';

export const createHit =
  (counter: Counter, replica: string, since: Since): RequestHandler =>
  async (req, res) => {
    res.setHeader('Vary', 'Accept');
    const arrived = since();
    // The client has probably retried on another replica, so this hit may not be needed; or it has only half-closed.
    if (wasSuspended(arrived) && (await clientDisconnected(req))) throw new TooLate();
    const client = clientOf(req);
    const asked = { id: String(res.getHeader('X-Request-Id')), attempt: attemptOf(req) };
    const form = formOf(req);
    let hit: Hit;
    try {
      hit = await counter.hit(client, idempotencyKeyOf(req), arrived, asked);
    } catch (error) {
      const problem = problemOf(error);
      if (form !== 'text/html' || problem.status !== 503) throw error;
      // The page shows what is wrong, and that it is over.
      for (const [name, value] of Object.entries(problem.headers ?? {})) res.setHeader(name, value);
      return sendPage(res.status(503), { failure: problem.detail });
    }
    const address = plainAddress(req.socket.localAddress);
    const sentence = `hit ${hit.number} served by ${replica} (${address})`;
    if (form === JSON_TYPE) sendJson(req, res, hitDocument(hit, replica, address, client));
    else if (form === 'text/html') sendPage(res, { hit: sentence });
    else sendText(req, res, `${sentence}\n`);
  };

/** HEAD / sends the headers of GET / as far as they are known without counting. It never counts. */
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

// Skips the negotiation for clients that accept anything, such as curl.
const formOf = (req: Request): string | false => {
  const accept = req.headers.accept;
  return accept !== undefined && accept !== '*/*' && req.accepts('text/plain', 'text/html', JSON_TYPE);
};

const JSON_TYPE = 'application/json';

// Express does not validate what a trusted proxy forwards: without this check, any text, or an IPv6 zone, would become a
// key in Redis.
const clientOf = (req: Request): string => {
  const address = plainAddress(req.ip);
  return isIP(address) === 0 || address.includes('%') ? plainAddress(req.socket.remoteAddress) : address;
};

// The proxy sends this header from its second attempt on.
const attemptOf = (req: Request): number => {
  const attempt = req.headers['x-attempt'];
  return typeof attempt === 'string' && /^[1-9]\d?$/.test(attempt) ? Number(attempt) : 1;
};
