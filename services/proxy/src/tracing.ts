// Traces each forwarded request, and each of its attempts.
import { validTraceparent } from '@container-counter/service/traceparent';
import { type Step, startTracing, type Tracing } from '@container-counter/service/tracing';
import type { ClientRequest } from './forward/client.ts';
import type { RequestTrace } from './forward/trace.ts';

export type ProxyTracing = {
  readonly trace: (request: ClientRequest) => RequestTrace;
  readonly stop: Tracing['stop'];
};

export const traceProxy = (endpoint: URL): ProxyTracing => {
  const tracing = startTracing(endpoint, { 'service.name': 'proxy' });
  return { trace: (request) => traceOf(tracing, request), stop: tracing.stop };
};

const traceOf = (tracing: Tracing, { method, path, headers }: ClientRequest): RequestTrace => {
  const attributes = { 'http.request.method': method, 'url.path': path.split('?')[0] ?? '' };
  const name = `${method} ${attributes['url.path']}`;
  const own = tracing.start(name, 'server', validTraceparent(valueIn(headers)), attributes);
  let attempt: Step | undefined;
  let status: number | undefined;
  return {
    attempt: (request, number, upstream) => {
      status = undefined;
      attempt = tracing.start(`attempt ${number}`, 'client', own.traceparent, { 'server.address': upstream });
      return { ...request, headers: [...without(request.headers), 'traceparent', attempt.traceparent] };
    },
    responded: (code) => {
      status = code;
      attempt?.set({ 'http.response.status_code': code });
    },
    attemptEnded: (error) => attempt?.end(error === undefined ? undefined : `${error}`),
    end: (error) => {
      if (status !== undefined) own.set({ 'http.response.status_code': status });
      own.end(error === undefined ? undefined : `${error}`);
    },
  };
};

const isTraceparent = (name: string): boolean => name.toLowerCase() === 'traceparent';

const valueIn = (headers: readonly string[]): string | undefined =>
  headers.find((_, i) => i % 2 === 1 && isTraceparent(headers[i - 1] ?? ''));

const without = (headers: readonly string[]): string[] =>
  headers.filter((_, i) => !isTraceparent(headers[i - (i % 2)] ?? ''));
