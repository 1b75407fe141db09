// With OTEL_EXPORTER_OTLP_ENDPOINT, a request is one trace over the proxy, each attempt, the replica and Redis; without it,
// no code for that is loaded.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { listening } from '@container-counter/testing/listening';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';

type Attribute = {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
};

type Span = {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  /** 2 is an error. */
  readonly status: { readonly code?: number };
};

type Export = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
};

const serve = (t: TestContext, listener: RequestListener): Promise<number> => listening(t, createServer(listener));

/** A collector; what it has received so far, by the name of the service. */
const startCollector = async (t: TestContext) => {
  const spans: (Span & { readonly service: string | undefined })[] = [];
  const port = await serve(t, async (req: IncomingMessage, res) => {
    const { resourceSpans } = (await json(req)) as Export;
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
      for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, service })));
    }
    assert.equal(req.url, '/v1/traces');
    res.setHeader('content-type', 'application/json').end('{}');
  });
  return { url: `http://127.0.0.1:${port}`, spans };
};

const TRACE = '0123456789abcdef0123456789abcdef';
const CLIENT = '00f067aa0ba902b7';

test('a retried hit is one trace', { skip: noRedis() }, async (t) => {
  const collector = await startCollector(t);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  const redis = await startRedis(t);
  const web = await startService(t, 'web', { ...env, INSTANCE: 'web1', REDIS_URL: redis.url });
  await web.line(/connected to Redis/);
  const broken = await serve(t, (req, res) => res.writeHead(req.url === '/readyz' ? 200 : 502).end());
  const proxy = await startService(t, 'proxy', { ...env, UPSTREAMS: `127.0.0.1:${broken},127.0.0.1:${web.port}` });
  for (const port of [broken, web.port]) await proxy.line(new RegExp(`:${port}".*upstream is healthy`));

  const traceparent = `00-${TRACE}-${CLIENT}-01`;
  const attempts = async () => {
    const response = await fetch(proxy.url, { headers: { traceparent } });
    const number = Number(/^hit (\d+) /.exec(await response.text())?.[1]);
    return { number, attempts: response.headers.get('x-attempts') };
  };
  // Round robin: one of two requests begins at the broken one.
  const responses = [await attempts(), await attempts()];
  const retried = responses.find((response) => response.attempts === '2');
  assert.ok(retried, JSON.stringify(responses));

  const redisSpan = () =>
    collector.spans.find(
      ({ name, attributes }) =>
        name === 'EVALSHA hit' &&
        attributes.some(({ key, value }) => key === 'counter.hit' && Number(value.intValue) === retried.number),
    );
  const parentOf = (span: Span | undefined) => collector.spans.find(({ spanId }) => spanId === span?.parentSpanId);
  await eventually(() => assert.ok(parentOf(parentOf(parentOf(redisSpan())))));
  const replica = parentOf(redisSpan());
  const second = parentOf(replica);
  const whole = parentOf(second);
  const steps = [redisSpan(), replica, second, whole].map((span) => [span?.service, span?.name, span?.traceId]);
  assert.deepEqual(steps, [
    ['web', 'EVALSHA hit', TRACE],
    ['web', 'GET /', TRACE],
    ['proxy', 'attempt 2', TRACE],
    ['proxy', 'GET /', TRACE],
  ]);
  assert.equal(whole?.parentSpanId, CLIENT);
  const hit = replica?.attributes.find(({ key }) => key === 'counter.hit')?.value.intValue;
  assert.equal(Number(hit), retried.number);
  const first = collector.spans.find(
    ({ name, parentSpanId }) => name === 'attempt 1' && parentSpanId === whole?.spanId,
  );
  assert.equal(first?.status.code, 2);
  assert.notEqual(second?.status.code, 2);
});

test('a request without a traceparent begins a trace', { skip: noRedis() }, async (t) => {
  const collector = await startCollector(t);
  const redis = await startRedis(t);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` };
  const web = await startService(t, 'web', { ...env, INSTANCE: 'web1', REDIS_URL: redis.url });
  const proxy = await startService(t, 'proxy', { ...env, UPSTREAMS: `127.0.0.1:${web.port}` });
  await web.line(/connected to Redis/);
  assert.equal((await fetch(`${proxy.url}/counts`, { headers: { traceparent: 'nonsense' } })).status, 200);
  // Stopping sends what is left, so nothing has to be waited for.
  await proxy.stop();
  await web.stop();
  const [proxied, attempt, served] = ['GET /counts', 'attempt 1', 'GET /counts'].map((name, i) =>
    collector.spans.find((span) => span.name === name && span.service === (i === 2 ? 'web' : 'proxy')),
  );
  assert.ok(proxied && attempt && served);
  assert.equal(proxied.parentSpanId ?? '', '');
  assert.equal(attempt.parentSpanId, proxied.spanId);
  assert.equal(served.parentSpanId, attempt.spanId);
});

test('no code of OpenTelemetry is loaded unless it is enabled', async (t) => {
  // Apart from its API, which prom-client imports.
  const watch = `import { registerHooks } from 'node:module';
    registerHooks({ load: (url, context, next) => {
      if (/opentelemetry[/](?!api[/])/.test(url)) process.stderr.write('loaded ' + url + '\\n');
      return next(url, context);
    } });`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(watch)}`;
  const collector = await startCollector(t);
  for (const name of ['web', 'proxy'] as const) {
    const loaded = async (more: Readonly<Record<string, string>>) => {
      const { errors, stop } = await startService(t, name, { NODE_OPTIONS, INSTANCE: 'web1', ...more });
      await stop();
      return errors.filter((line) => line.startsWith('loaded ')).length;
    };
    assert.equal(await loaded({}), 0, name);
    assert.ok((await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })) > 0, name);
  }
});

test('a header of a megabyte of blanks takes no time to speak of', async (t) => {
  const collector = await startCollector(t);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, MAX_HEADER_BYTES: '1048576' };
  const replica = await serve(t, (_req, res) => res.end('ok'));
  const proxy = await startService(t, 'proxy', { ...env, UPSTREAMS: `127.0.0.1:${replica}` });
  await proxy.line(/upstream is healthy/);
  const socket = connect(proxy.port, '127.0.0.1');
  t.after(() => socket.destroy());
  // Half of an hour, with a pattern that tries each blank as the first one of the end.
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\ntraceparent: a${' '.repeat(1_000_000)}b\r\n\r\n`);
  const [response] = await once(socket, 'data');
  assert.match(String(response), /^HTTP\/1\.1 200 /);
});
