// The whole cluster as processes: a proxy, three replicas and a real Redis count exactly, whatever stops meanwhile.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { freePorts } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis, type TestRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';
import { suiteCleanup } from '@container-counter/testing/suite';
import { numbersOf, startLoad } from './support/load.ts';

describe('the cluster as processes', { skip: noRedis() }, () => {
  const t = suiteCleanup();
  let redis: TestRedis;
  let replicas: Service[];
  let proxy: Service;

  let ports: number[];
  const startReplica = (i: number) => {
    const env = { INSTANCE: `web${i + 1}`, PORT: `${ports[i]}`, REDIS_URL: redis.url, TRUSTED_PROXIES: 'loopback' };
    return startService(t, 'web', env);
  };
  const counts = async () =>
    (await (await fetch(`${proxy.url}/counts`)).json()) as { requests: number; replicas: Record<string, number> };
  const allAlive = () =>
    eventually(async () => {
      const { upstreams } = (await (await fetch(`${proxy.url}/-/upstreams`)).json()) as {
        upstreams: { state: string }[];
      };
      assert.deepEqual(
        upstreams.map(({ state }) => state),
        ['healthy', 'healthy', 'healthy'],
      );
    });

  before(async () => {
    redis = await startRedis(t);
    ports = await freePorts(3);
    replicas = await Promise.all(ports.map((_, i) => startReplica(i)));
    proxy = await startService(t, 'proxy', { UPSTREAMS: ports.map((port) => `127.0.0.1:${port}`).join(',') });
    await allAlive();
  });

  test('gives 10 000 hits of 100 clients their numbers from 1 to 10 000, evenly', async () => {
    const numbers: number[] = [];
    const client = async () => {
      for (let i = 0; i < 100; i += 1) {
        const response = await fetch(proxy.url, { headers: { accept: 'application/json' } });
        assert.equal(response.status, 200);
        numbers.push(((await response.json()) as { requests: number }).requests);
      }
    };
    await Promise.all(Array.from({ length: 100 }, client));
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      Array.from({ length: 10_000 }, (_, i) => i + 1),
    );
    const { requests, replicas: shares } = await counts();
    assert.equal(requests, 10_000);
    assert.deepEqual(Object.values(shares).sort(), [3333, 3333, 3334]);
  });

  for (const [what, stop] of [
    ['stops in order', 'SIGTERM'],
    ['is killed', 'SIGKILL'],
  ] as const) {
    test(`shows no error while a replica ${what} and recovers, and loses nothing`, async (context) => {
      const start = (await counts()).requests;
      const load = startLoad(context, proxy.url);
      await load.until(({ servedBy }) => servedBy === 'web2');
      const stopped = replicas[1]?.stop(stop);
      assert.equal(await stopped, stop === 'SIGTERM' ? 0 : 'SIGKILL');
      replicas[1] = await startReplica(1);
      await load.until(({ servedBy }) => servedBy === 'web2');
      const responses = await load.stop();
      assert.deepEqual(
        responses.filter(({ status }) => status !== 200),
        [],
      );
      assert.deepEqual(
        numbersOf(responses),
        Array.from(responses, (_, i) => start + 1 + i),
      );
      assert.equal((await counts()).requests, start + responses.length);
    });
  }

  test('responds with 503 and the cause while Redis is paused, and recovers by itself', async () => {
    redis.program.child.kill('SIGSTOP');
    try {
      await eventually(async () => {
        const response = await fetch(proxy.url);
        assert.equal(response.status, 503);
        assert.match(
          await response.text(),
          /^No replica is available\. web1.*: Redis at 127\.0\.0\.1:\d+ is connected but does not respond/,
        );
      });
    } finally {
      redis.program.child.kill('SIGCONT');
    }
    await allAlive();
    assert.equal((await fetch(proxy.url)).status, 200);
  });
});
