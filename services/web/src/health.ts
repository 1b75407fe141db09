// The probes: liveness and readiness.
import { sendText } from '@container-counter/service/send';
import type { RequestHandler } from 'express';
import manifest from '../package.json' with { type: 'json' };
import type { Counter } from './counter.ts';
import { RequestError } from './errors.ts';

/** Liveness; does not depend on Redis, since restarting this container would not repair Redis. */
export const healthz: RequestHandler = (req, res) => sendText(req, res, 'alive\n');

/** Readiness: Redis can count, and the replica is not draining. */
export const createReadyz =
  (counter: Counter, unready: AbortSignal): RequestHandler =>
  async (req, res) => {
    if (unready.aborted) throw new RequestError(503, 'This replica is stopping. Try another one.');
    await counter.ready();
    res.setHeader('X-Version', manifest.version); // shown by the proxy: during a rollout there are two
    sendText(req, res, 'ready\n');
  };
