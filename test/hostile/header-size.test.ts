// Headers of every size get a response in words: what the proxy accepts, a replica takes, with what the proxy adds.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';
import { headers } from './support/case.ts';
import { converse } from './support/converse.ts';
import { each } from './support/pool.ts';

/** Requests whose headers have about `size` bytes, in one long value, in many short ones, and in the longest host. */
const requestsOf = (size: number): string[] => [
  headers('GET / HTTP/1.1', `X: ${'x'.repeat(size)}`),
  headers(`GET /?${'x'.repeat(size)} HTTP/1.1`),
  headers('GET / HTTP/1.1', ...Array.from({ length: 90 }, () => `X: ${'x'.repeat(Math.floor(size / 90))}`)),
  `GET / HTTP/1.1\r\nHost: ${'a'.repeat(255)}\r\nX: ${'x'.repeat(size)}\r\n\r\n`,
];

const start = async (t: TestContext, limit: number): Promise<number> => {
  const web = await startService(t, 'web', { REDIS_URL: (await startRedis(t)).url });
  const env = { UPSTREAMS: `127.0.0.1:${web.port}`, MAX_HEADER_BYTES: `${limit}` };
  const proxy = await startService(t, 'proxy', env);
  await proxy.line(/"message":"upstream is healthy"/);
  return proxy.port;
};

for (const limit of [1000, 16_384, 65_536, 2 ** 20]) {
  test(`headers around ${limit} bytes`, { skip: noRedis() }, async (t) => {
    const port = await start(t, limit);
    const sizes = [0.5, 0.9, 0.96, 0.98, 0.99, 1, 1.01, 1.1, 2].map((part) => Math.floor(limit * part));
    const seen = new Set<number>();
    await each(sizes.flatMap(requestsOf), 4, async (bytes) => {
      const { received } = await converse(port, bytes, () => true);
      assert.match(received, /^HTTP\/1\.1 (?:200 .*hit \d+|431 .*The headers of the request are too large\.)/s);
      seen.add(Number(received.slice(9, 12)));
    });
    assert.deepEqual([...seen].toSorted(), [200, 431]);
  });
}
