// Without a file descriptor left, a service neither ends nor hangs: it serves again once clients have left.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { openFiles } from '@container-counter/testing/processes';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';
import { get } from './support/case.ts';
import { assertServes } from './support/ordinary.ts';
import { assertStopped, assertSurvived } from './support/survival.ts';
import { noProc } from './support/system.ts';

const FILES = 64;
const CLIENTS = 200;

type Client = { readonly socket: Socket; received: string };

/** Connects, and sends a request; the connection is kept. */
const connectClient = (t: TestContext, port: number): Client => {
  const socket = connect({ port, host: '127.0.0.1' }).setEncoding('latin1');
  t.after(() => socket.destroy());
  const client: Client = { socket, received: '' };
  socket.on('error', () => {});
  socket.on('data', (piece: string) => {
    client.received += piece;
  });
  socket.write(get());
  return client;
};

/** Takes every descriptor of `service` three times over, and leaves each time. */
const exhaust = async (t: TestContext, service: Service): Promise<void> => {
  await eventually(() => assertServes(service.port));
  const { port: metricsPort } = JSON.parse(await service.line(/"message":"metrics"/)) as { port: number };
  for (let round = 0; round < 3; round += 1) {
    const scraper = connect({ port: metricsPort, host: '127.0.0.1' }).setEncoding('latin1');
    t.after(() => scraper.destroy());
    scraper.on('error', () => {});
    await once(scraper, 'connect');
    const clients = Array.from({ length: CLIENTS }, () => connectClient(t, service.port));
    await eventually(() =>
      assert.ok(clients.every(({ socket, received }) => socket.destroyed || /\r\n\r\n/.test(received))),
    );
    assert.ok(openFiles([service.child.pid as number]) >= FILES - 2, 'none is left');
    const kept = clients.filter(({ socket }) => !socket.destroyed);
    assert.ok(kept.length > 10 && kept.every(({ received }) => /^HTTP\/1\.1 (?:200|50\d) /.test(received)));
    const scraped = new Promise((resolve) => scraper.once('data', resolve).once('close', resolve));
    scraper.write('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.match(String(await scraped), /^HTTP\/1\.1 (?:200|503) /, service.lines.slice(-5).join('\n'));
    assertSurvived(service, `in round ${round}`);
    for (const { socket } of clients) socket.destroy();
    scraper.destroy();
    await eventually(() => assertServes(service.port));
  }
  await assertStopped(service, 'after all of them');
};

const skip = noProc || noRedis();

test('a replica', { skip }, async (t) => {
  const env = { REDIS_URL: (await startRedis(t)).url, METRICS_PORT: '0' };
  await exhaust(t, await startService(t, 'web', env, { files: FILES }));
});

test('the proxy', { skip }, async (t) => {
  const web = await startService(t, 'web', { REDIS_URL: (await startRedis(t)).url });
  const env = { UPSTREAMS: `127.0.0.1:${web.port}`, METRICS_PORT: '0' };
  await exhaust(t, await startService(t, 'proxy', env, { files: FILES }));
});
