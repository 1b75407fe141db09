// A Redis that cannot be reached at all: each cause has its own sentence, on every route that needs Redis.
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { explain, Unreachable } from '@container-counter/network/failure';
import { freePort } from '@container-counter/network/free-ports';
import { startServer } from '@container-counter/testing/listening';
import request from 'supertest';
import { startReplica } from './replica.ts';

const ROUTES = ['/', '/counts', '/readyz', '/redis/get?key=test', '/redis/set?key=test&value=1'];

// A label has at most 63 letters, so every resolver refuses this name, with or without a network.
const UNKNOWN = 'x'.repeat(64);
// In a container it depends on the network; the sentences of all are tested where they are.
const UNRESOLVED = explain(new Unreachable('unresolved'), { what: 'Redis', host: UNKNOWN, port: 6379 });

const CAUSES: Readonly<Record<string, (t: TestContext) => Promise<readonly [address: string, sentence: string]>>> = {
  refused: async () => {
    const at = `127.0.0.1:${await freePort()}`;
    return [
      at,
      `Redis at ${at} refused the connection: its host is up, but nothing listens on that port. Check that the server runs.`,
    ];
  },
  [UNRESOLVED.kind]: async () => [`${UNKNOWN}:6379`, UNRESOLVED.sentence],
  silent: async (t) => {
    const at = `127.0.0.1:${await startServer(t, () => {})}`;
    return [
      at,
      `Redis at ${at} is connected but does not respond in time. Check whether it is paused or overloaded, or was disconnected from the network.`,
    ];
  },
  closed: async (t) => {
    const at = `127.0.0.1:${await startServer(t, (socket) => socket.end())}`;
    return [at, `Redis at ${at} closed the connection before it responded. Check whether it is restarting.`];
  },
};

for (const [reason, make] of Object.entries(CAUSES)) {
  test(reason, async (t) => {
    const [address, sentence] = await make(t);
    const { url, lines } = await startReplica(t, `redis://${address}`, { timeoutMs: reason === 'silent' ? 200 : 5000 });

    await t.test('the first request, too, hears why', async () => {
      await request(url).get('/').expect(503, `${sentence}\n`).expect('Retry-After', '1');
    });

    for (const route of ROUTES) {
      await t.test(`${route} as text and as JSON`, async () => {
        await request(url).get(route).expect(503, `${sentence}\n`);
        const { body, headers } = await request(url).get(route).set('Accept', 'application/json');
        assert.equal(headers['content-type'], 'application/problem+json');
        assert.deepEqual(body, { title: 'Service Unavailable', status: 503, detail: sentence, reason });
      });
    }

    await t.test('the log says it once, not at each attempt', () => {
      const said = lines.filter(({ level }) => level === 'warn').map((line) => [line['reason'], line['message']]);
      assert.deepEqual(said, reason === 'closed' ? [] : [[reason, sentence]]);
    });

    await t.test('alive all the same', async () => {
      await request(url).get('/healthz').expect(200);
    });
  });
}
