// The replica as an Express application: all its routes, in one list.
import { logRequest } from '@container-counter/service/access-log';
import type { TrustPeer } from '@container-counter/service/environment';
import type { Logger } from '@container-counter/service/log';
import type { ObserveRequest } from '@container-counter/service/metrics';
import { requestIdOf } from '@container-counter/service/request-id';
import { sendJson } from '@container-counter/service/send';
import express, { type Express, type RequestHandler } from 'express';
import type { Since } from './arrivals.ts';
import type { Counter } from './counter.ts';
import { createErrorHandler, methodNotAllowed, notFound, upgradeOnly } from './errors.ts';
import { createReadyz, healthz } from './health.ts';
import { createHit, head } from './hit.ts';
import { sendPageFile } from './page/serve.ts';
import { get, put, setByQuery } from './record-routes.ts';
import type { Records } from './records.ts';

export type Replica = {
  readonly name: string;
  readonly counter: Counter;
  readonly records: Records;
  readonly trustedProxies: TrustPeer;
  readonly log: Logger;
  /** Aborted when the replica begins to shut down. */
  readonly draining: AbortSignal;
  /** Aborted when `/readyz` is to report it; by default, together with `draining`. */
  readonly unready?: AbortSignal;
  /** Called for every finished request, if metrics are on. */
  readonly observe?: ObserveRequest | undefined;
};

/** @param since how long a request may have been waiting */
export const createApp = (replica: Replica, since: Since): Express => {
  const { name, counter, records, trustedProxies, log, draining, unready = draining } = replica;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustedProxies);
  app.set('query parser', false);

  app.use(tagResponse(replica));
  app
    .route('/')
    .head(head)
    .get(createHit(counter, name, since))
    .all(methodNotAllowed('GET', 'HEAD'));
  app
    .route('/counts')
    .get(async (req, res) => sendJson(req, res, await counter.counts()))
    .all(methodNotAllowed('GET', 'HEAD'));
  app
    .route('/redis/set')
    .head(methodNotAllowed('GET', 'PUT'))
    .get(setByQuery(records, since))
    .put(put(records, since))
    .all(methodNotAllowed('GET', 'PUT'));
  app
    .route('/redis/get')
    .get(get(records))
    .put(put(records, since))
    .all(methodNotAllowed('GET', 'HEAD', 'PUT'));
  app
    .route(/^\/redis\/./)
    .put(put(records, since))
    .all(methodNotAllowed('PUT'));
  app.route('/page/:version/:name').get(sendPageFile).all(methodNotAllowed('GET', 'HEAD'));
  app.route('/live').get(upgradeOnly).all(methodNotAllowed('GET'));
  app.route('/healthz').get(healthz).all(methodNotAllowed('GET', 'HEAD'));
  app.route('/readyz').get(createReadyz(counter, unready)).all(methodNotAllowed('GET', 'HEAD'));
  app.use(notFound);
  app.use(createErrorHandler(log));
  return app;
};

// Adds the names of the replica and the request to every response, and logs it.
const tagResponse =
  ({ name, log, observe }: Replica): RequestHandler =>
  (req, res, next) => {
    const requestId = requestIdOf(req);
    res.setHeader('X-Served-By', name);
    res.setHeader('X-Request-Id', requestId);
    res.setHeader('Cache-Control', 'no-store'); // a cached response would be an uncounted hit
    res.setHeader('X-Content-Type-Options', 'nosniff'); // records are untrusted: no browser may render one as a page
    logRequest(log, req, res, requestId, undefined, observe);
    next();
  };
