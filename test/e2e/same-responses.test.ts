// The wirings give the same responses, byte for byte, and leave the same keys in Redis.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { type Cluster, createCluster } from './support/cluster.ts';
import { noEngine } from './support/engine.ts';
import { storedIn } from './support/stored.ts';

type Ask = {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};

const JSON_CLIENT = { accept: 'application/json' };

const ASKS: readonly Ask[] = [
  { path: '/' },
  { path: '/' },
  { path: '/' },
  { path: '/', headers: { accept: 'text/html' } },
  { path: '/', headers: JSON_CLIENT },
  { path: '/', headers: { 'idempotency-key': 'the-same' } },
  { path: '/', headers: { 'idempotency-key': 'the-same' } },
  { path: '/', headers: { 'idempotency-key': 'with a blank' } },
  { path: '/', method: 'HEAD' },
  { path: '/', method: 'DELETE' },
  { path: '/counts', headers: JSON_CLIENT },
  { path: '/page/1/icon.svg' },
  { path: '/live' },
  { path: '/healthz' },
  { path: '/readyz' },
  { path: '/favicon.ico' },
  { path: '/redis/set?key=test&value=123' },
  { path: '/redis/get?key=test' },
  { path: '/redis/get?key=none' },
  { path: '/redis/get?key=none', headers: JSON_CLIENT },
  { path: '/redis/greeting', method: 'PUT', body: 'halo dunia' },
  { path: '/redis/get?key=greeting' },
  { path: '/redis/requests', method: 'PUT', body: '0' },
  { path: '/redis/long', method: 'PUT', body: 'x'.repeat(65_537) },
  { path: '/redis/set?value=1' },
  { path: '/nothing', headers: JSON_CLIENT },
];

// What must differ: when it was, and which replica it was.
const DIFFERENT = new Set(['date', 'x-served-by', 'x-upstream']);

const WIRINGS = [
  { name: 'networks', variant: 'networks', files: [] },
  { name: 'links', variant: 'links', files: [] },
  { name: 'networkLinks', variant: 'links', files: ['deploy/links-network.yml'] }, // what Engine 30 leaves
] as const;

describe('the wirings', { skip: noEngine() }, () => {
  const outcome: Partial<Record<(typeof WIRINGS)[number]['name'], { responses: string[]; keys: unknown }>> = {};
  let cluster: Cluster | undefined;
  after(() => cluster?.down());

  for (const { name, variant, files } of WIRINGS) {
    before(async () => {
      cluster = await createCluster(variant, 'responses', { files });
      await cluster.up();
      const same = await neutral(cluster.url);
      const responses = [];
      for (const [i, ask] of ASKS.entries()) responses.push(await responseTo(cluster.url, ask, `ask-${i}`, same));
      outcome[name] = { responses, keys: JSON.parse(same(JSON.stringify(await storedIn(cluster)))) };
      await cluster.down();
    });
  }

  for (const [i, { method = 'GET', path, headers }] of ASKS.entries()) {
    test(`respond alike to ${method} ${path} ${JSON.stringify(headers ?? {})}`, () => {
      assert.ok(outcome.networks?.responses[i]?.startsWith('HTTP/1.1 '));
      assert.equal(outcome.links?.responses[i], outcome.networks?.responses[i]);
      assert.equal(outcome.networkLinks?.responses[i], outcome.networks?.responses[i]);
    });
  }

  test('leave the same keys, types and values in Redis', () => {
    assert.deepEqual(outcome.links?.keys, outcome.networks?.keys);
    assert.deepEqual(outcome.networkLinks?.keys, outcome.networks?.keys);
    assert.deepEqual(Object.keys(outcome.links?.keys as object), [
      'counters',
      'greeting',
      'ip',
      'requests',
      'seen:N',
      'test',
    ]);
  });
});

// Sends `ask` with an id and a key of its own, and writes down the response as it is on the wire.
const responseTo = (url: string, ask: Ask, id: string, same: (text: string) => string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', path, body } = ask;
    const headers = { 'x-request-id': id, 'idempotency-key': id, ...ask.headers };
    const sent = request(`${url}${path}`, { method, headers, agent: false }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString('latin1');
      const { rawHeaders, statusCode, statusMessage } = response;
      const head = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? '']] : []));
      const length = response.headers['content-length'];
      if (length !== undefined && method !== 'HEAD') assert.equal(Number(length), text.length, `the length of ${path}`);
      const lines = head
        .filter(([name]) => !DIFFERENT.has(String(name).toLowerCase()))
        // The length of a body that names a replica differs with the name; that it is right was asserted.
        .map(([name, value]) =>
          name?.toLowerCase() === 'content-length' && same(text) !== text ? `${name}: *` : `${name}: ${value}`,
        );
      resolve([`HTTP/1.1 ${statusCode} ${statusMessage}`, ...lines, '', same(text)].join('\n'));
    });
    sent.once('error', reject);
    sent.end(body);
  });

// Replaces the names and addresses of the replicas, and the address of the client, by words: on a busy machine a replica can
// be unhealthy for a moment, and another one responds. Whose turn it is, round-robin.test.ts tests.
const neutral = async (url: string): Promise<(text: string) => string> => {
  const { upstreams } = (await (await fetch(`${url}/-/upstreams`)).json()) as {
    upstreams: { name: string; address: string }[];
  };
  const words = upstreams.flatMap(({ name, address }) => [
    [name, 'replica'],
    [address.replace(/:\d+$/, ''), 'address'],
  ]);
  const gateway = upstreams[0]?.address.replace(/\.\d+:\d+$/, '.1') ?? '';
  return (text) =>
    [...words, [gateway, 'client']].reduce((out, [from = '', to = '']) => out.replaceAll(from, to), text);
};
