// Traces each request of a replica, and what Redis does for it.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { traceparentOf } from '@container-counter/service/traceparent';
import { type Step, startTracing, type Tracing } from '@container-counter/service/tracing';
import type { Counter } from './counter.ts';

export type ReplicaTracing = {
  readonly requestsOf: (server: Server) => void;
  readonly hitsOf: (counter: Counter) => Counter;
  readonly stop: Tracing['stop'];
};

export const traceReplica = (endpoint: URL, replica: string): ReplicaTracing => {
  const tracing = startTracing(endpoint, { 'service.name': 'web', 'service.instance.id': replica });
  const current = new AsyncLocalStorage<Step>();

  const begin = (req: IncomingMessage, res: ServerResponse) => {
    const { method = '', url = '' } = req;
    const path = url.split('?')[0] ?? '';
    if (path === '/healthz' || path === '/readyz') return;
    const step = tracing.start(`${method} ${path}`, 'server', traceparentOf(req), {
      'http.request.method': method,
      'url.path': path,
    });
    current.enterWith(step);
    res.once('close', () => {
      step.set({ 'http.response.status_code': res.statusCode });
      step.end(res.statusCode >= 500 ? `responded with ${res.statusCode}` : undefined);
    });
  };

  return {
    requestsOf: (server) => void server.prependListener('request', begin),
    hitsOf: (counter) => ({
      ...counter,
      hit: async (...args) => {
        const request = current.getStore();
        const step = tracing.start('EVALSHA hit', 'client', request?.traceparent, { 'db.system.name': 'redis' });
        try {
          const hit = await counter.hit(...args);
          step.set({ 'counter.hit': hit.number, 'counter.repeat': hit.repeat });
          request?.set({ 'counter.hit': hit.number });
          step.end();
          return hit;
        } catch (error) {
          step.end(String(error));
          throw error;
        }
      },
    }),
    stop: tracing.stop,
  };
};
