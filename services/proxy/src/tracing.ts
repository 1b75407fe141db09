// Traces each forwarded request, and each of its attempts.
import { validTraceparent } from '@container-counter/service/traceparent';
import { type Step, startTracing, type Tracing } from '@container-counter/service/tracing';
import type { ClientRequest } from './forward/client.ts';
import type { RequestTrace } from './forward/trace.ts';
import { linesOf, withoutBlanks } from './header-lines.ts';

export type ProxyTracing = {
  readonly trace: (request: ClientRequest) => RequestTrace;
  readonly stop: Tracing['stop'];
};

export const traceProxy = (endpoint: URL): ProxyTracing => {
  const tracing = startTracing(endpoint, { 'service.name': 'proxy' });
  return { trace: (request) => traceOf(tracing, request), stop: tracing.stop };
};

const traceOf = (tracing: Tracing, { method, path, lines }: ClientRequest): RequestTrace => {
  const attributes = { 'http.request.method': method, 'url.path': path.split('?')[0] ?? '' };
  const name = `${method} ${attributes['url.path']}`;
  const own = tracing.start(
    name,
    'server',
    validTraceparent(withoutBlanks(TRACEPARENT.exec(lines)?.[1] ?? '')),
    attributes,
  );
  let attempt: Step | undefined;
  let status: number | undefined;
  return {
    attempt: (request, number, upstream) => {
      status = undefined;
      attempt = tracing.start(`attempt ${number}`, 'client', own.traceparent, { 'server.address': upstream });
      return {
        ...request,
        lines: `${request.lines.replaceAll(TRACEPARENTS, '')}\r\ntraceparent: ${attempt.traceparent}`,
      };
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

const TRACEPARENT = /\r\ntraceparent:([^\r]*)/i;
const TRACEPARENTS = linesOf(['traceparent']);
