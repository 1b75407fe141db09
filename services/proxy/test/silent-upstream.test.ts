// An upstream that takes a request and does not respond: the next attempt, and 504 after all of them or at the deadline.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import supertest from 'supertest';
import { startProxy, startUpstream } from './support.ts';

const silence = () => {};

// Each waits for the time-out.
suite('a silent upstream', { concurrency: true }, () => {
  test('a GET is retried on the next, and one slow response does not mark the upstream unhealthy', async (t) => {
    const slow = await startUpstream(t, 'slow', silence);
    const quick = await startUpstream(t, 'quick');
    const proxy = await startProxy(t, [slow.address, quick.address], { env: { TRY_TIMEOUT_MS: '1000' } });
    const { headers } = await supertest(proxy.url).get('/').expect(200, 'quick');
    assert.equal(headers['x-attempts'], '2');
    assert.equal(proxy.upstreams.list()[0]?.failed, 1);
    await proxy.upstreams.check();
    assert.equal(
      proxy.log.find(({ message }) => message === 'upstream is unhealthy'),
      undefined,
    );
  });

  test('all are silent: 504 after an attempt at each', async (t) => {
    const replicas = [await startUpstream(t, 'a', silence), await startUpstream(t, 'b', silence)];
    const env = { TRY_TIMEOUT_MS: '1000' };
    const proxy = await startProxy(
      t,
      replicas.map(({ address }) => address),
      { env },
    );
    const { text } = await supertest(proxy.url).get('/').expect(504);
    const last = replicas[1]?.address;
    assert.ok(
      text.startsWith(`No response after 2 attempts. The replica at ${last} is connected but does not respond in time`),
      text,
    );
  });

  test('the deadline ends it before an attempt at each', async (t) => {
    const replicas = await Promise.all(['a', 'b'].map((name) => startUpstream(t, name, silence)));
    const env = { TRY_TIMEOUT_MS: '60000', DEADLINE_MS: '2000' };
    const targets = replicas.map(({ address }) => address);
    const proxy = await startProxy(t, targets, { env });
    const responses = await Promise.all(Array.from({ length: 100 }, () => supertest(proxy.url).get('/').expect(504)));
    for (const { text } of responses) {
      assert.match(text, /^No response after one attempt\. .* does not respond in time/);
    }
    const sent = replicas.map(({ requests }) => requests.length);
    assert.deepEqual(sent, [50, 50], 'none was sent to both');
  });

  test('a POST is not retried', async (t) => {
    const slow = await startUpstream(t, 'slow', silence);
    const quick = await startUpstream(t, 'quick');
    const proxy = await startProxy(t, [slow.address, quick.address], { env: { TRY_TIMEOUT_MS: '1000' } });
    await supertest(proxy.url).post('/').send('x').expect(504);
    assert.equal(quick.requests.length, 0);
  });
});
