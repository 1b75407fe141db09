// What probes ask: is the process alive, and should it be sent requests.
import { sendText } from '@container-counter/service/send';
import type { RequestHandler } from 'express';
import type { Counter } from './counter.ts';
import { RequestError } from './errors.ts';

/** Alive; does not ask Redis, for a restart of this container would not mend Redis. */
export const healthz: RequestHandler = (req, res) => sendText(req, res, 'alive\n');

/** Ready when Redis answers, and not while draining. */
export const createReadyz =
  (counter: Counter, draining: AbortSignal): RequestHandler =>
  async (req, res) => {
    if (draining.aborted) throw new RequestError(503, 'This replica is stopping. Try another one.');
    await counter.ready();
    sendText(req, res, 'ready\n');
  };
