// What the services tell Prometheus, each at its METRICS_PORT, while requests pass through them.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';
import { suiteCleanup } from '@container-counter/testing/suite';

describe('metrics', { skip: noRedis() }, () => {
  const t = suiteCleanup();
  let webs: Service[];
  let proxy: Service;

  before(async () => {
    const redis = await startRedis(t);
    const env = { REDIS_URL: redis.url, METRICS_PORT: '0', DRAIN_MS: '0' };
    webs = [await startService(t, 'web', { ...env, INSTANCE: 'web1' })];
    webs.push(await startService(t, 'web', { ...env, INSTANCE: 'web2' }));
    const UPSTREAMS = webs.map(({ port }) => `127.0.0.1:${port}`).join();
    proxy = await startService(t, 'proxy', { UPSTREAMS, METRICS_PORT: '0', HEALTH_INTERVAL_MS: '60000' });
    await eventually(async () => assert.equal((await fetch(`${proxy.url}/-/readyz`)).status, 200));
  });

  const metricsOf = async ({ line }: Service): Promise<string> => {
    const { port } = JSON.parse(await line(/"message":"metrics"/)) as { port: number };
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    return response.text();
  };
  const has = (text: string, line: string) => assert.ok(text.split('\n').includes(line), `${line}\nis not in\n${text}`);
  const hit = (headers = {}) => fetch(proxy.url, { headers });

  test('every request by its status, but no probe', async () => {
    for (let i = 0; i < 4; i += 1) assert.equal((await hit()).status, 200);
    assert.equal((await fetch(`${proxy.url}/nothing`)).status, 404);
    const text = await metricsOf(proxy);
    has(text, 'http_request_duration_seconds_count{service="proxy",status="200"} 4');
    has(text, 'http_request_duration_seconds_count{service="proxy",status="404"} 1');
    has(text, 'http_request_duration_seconds_bucket{le="+Inf",service="proxy",status="200"} 4');
  });

  test('the selections and the state of each upstream', async () => {
    const text = await metricsOf(proxy);
    for (const [i, { port }] of webs.entries()) {
      const labels = `{upstream="127.0.0.1:${port}",replica="web${i + 1}",service="proxy"}`;
      has(text, `proxy_upstream_healthy${labels} 1`);
      assert.match(text, new RegExp(`^proxy_upstream_selections_total\\{upstream="127.0.0.1:${port}".*\\} [23]$`, 'm'));
      has(text, `proxy_upstream_failures_total${labels} 0`);
    }
    has(text, 'proxy_retries_total{service="proxy"} 0');
  });

  test('hits and repeats, and how long Redis took', async () => {
    const before = Number(
      /^redis_round_trip_seconds_count\{.*\} (\d+)$/m.exec(await metricsOf(webs[0] as Service))?.[1],
    );
    for (let i = 0; i < 4; i += 1) await hit({ 'idempotency-key': 'the-same' });
    const texts = await Promise.all(webs.map(metricsOf));
    const sum = (repeat: string) =>
      texts.reduce((all, text) => {
        const found = new RegExp(`^counter_hits_total\\{repeat="${repeat}",.*\\} (\\d+)$`, 'm').exec(text);
        return all + Number(found?.[1]);
      }, 0);
    assert.deepEqual([sum('no'), sum('yes')], [5, 3]);
    const [text = ''] = texts;
    assert.equal(Number(/^redis_round_trip_seconds_count\{.*\} (\d+)$/m.exec(text)?.[1]), before + 2);
    assert.match(text, /^redis_round_trip_seconds_sum\{service="web",replica="web1"\} 0\.\d+$/m);
  });

  test('the delay of the event loop', async () => {
    for (const service of [proxy, ...webs])
      assert.match(await metricsOf(service), /^nodejs_eventloop_lag_p99_seconds\{/m);
  });

  test('what was retried, when a replica was killed', async () => {
    const gone = webs[1] as Service;
    gone.child.kill('SIGSTOP'); // so that a request is on its way to it when it is killed
    let served = 0;
    const responses = webs.map(async () => {
      assert.equal((await hit()).status, 200);
      served += 1;
    });
    await eventually(() => assert.equal(served, webs.length - 1));
    await gone.stop('SIGKILL');
    await Promise.all(responses);
    await eventually(async () => {
      const text = await metricsOf(proxy);
      has(text, 'proxy_retries_total{service="proxy"} 1');
      assert.match(text, /^proxy_upstream_healthy\{.*replica="web2".*\} 0$/m);
      assert.match(text, /^proxy_upstream_failures_total\{.*replica="web2".*\} 1$/m);
    });
  });

  test('nothing else is there', async () => {
    const { port } = JSON.parse(await proxy.line(/"message":"metrics"/)) as { port: number };
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404);
    assert.equal((await fetch(`http://127.0.0.1:${port}/metrics?x=y`)).status, 200, 'a query changes nothing');
    assert.equal((await fetch(`${proxy.url}/metrics`)).status, 404, 'and not on the port that is published');
  });

  test('a trace goes through, and shows in both logs', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await hit({ traceparent, 'x-request-id': 'traced' });
    const lines = [proxy, webs[0] as Service].map(({ line }) => line(/"requestId":"traced"/));
    for (const line of await Promise.all(lines)) assert.equal(JSON.parse(line).traceparent, traceparent);
  });

  test('without METRICS_PORT nothing listens', async () => {
    const { lines, stop } = await startService(t, 'proxy', { UPSTREAMS: '127.0.0.1:1' });
    assert.equal(await stop(), 0);
    assert.ok(!lines.some((line) => line.includes('"metrics"')), lines.join('\n'));
  });
});
