// Clients that disconnect: after each case of this suite, and on every socket that Node hands out without listening to its
// errors any more, they reset the connection, close their side, or stall, each at several moments. No process ends.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { type Service, startService } from '@container-counter/testing/services';
import { TOPICS } from './cases/all.ts';
import { SOCKETS } from './support/handed-out.ts';
import { LEAVES, type Leave, leaveAfter, talkAndLeave } from './support/leave.ts';
import { assertServes } from './support/ordinary.ts';
import { each } from './support/pool.ts';
import { QUICK_LIMITS } from './support/servers.ts';
import { assertStopped, assertSurvived } from './support/survival.ts';

type Attempt = { readonly name: string; readonly bytes: string; readonly leave: Leave };

const HANDED_OUT: readonly Attempt[] = Object.entries(SOCKETS).flatMap(([name, bytes]) =>
  LEAVES.map((leave) => ({ name, bytes, leave })),
);

const CASES: readonly Attempt[] = Object.values(TOPICS)
  .flat()
  .flatMap(({ name, bytes }) =>
    LEAVES.filter(({ manner, when }) => manner !== 'close' && (when === 'sent' || when === 0)).map((leave) => ({
      name,
      bytes,
      leave,
    })),
  );

const leaveAll = async (service: Service, port = service.port): Promise<void> => {
  await each([...HANDED_OUT, ...CASES], 60, async ({ name, bytes, leave }) => {
    await leaveAfter(port, bytes, leave, PATIENCE_MS);
    assertSurvived(service, `${name}: ${leave.manner}, ${leave.when}`);
  });
};

const PATIENCE_MS = 600; // longer than the limits of the proxy for headers, and than its farewell

const startWeb = async (t: TestContext, env: Readonly<Record<string, string>> = {}): Promise<Service> =>
  startService(t, 'web', { REDIS_URL: (await startRedis(t)).url, INSTANCE: 'web1', ...env });

const startProxy = (t: TestContext, port: number): Promise<Service> =>
  startService(t, 'proxy', { UPSTREAMS: `127.0.0.1:${port}`, ...QUICK_LIMITS });

test('at a replica', { skip: noRedis() }, async (t) => {
  const web = await startWeb(t);
  await leaveAll(web);
  await eventually(() => assertServes(web.port));
  await assertStopped(web, 'after all of them');
});

test('at the proxy, before a replica', { skip: noRedis() }, async (t) => {
  const web = await startWeb(t);
  const proxy = await startProxy(t, web.port);
  await proxy.line(/"message":"upstream is healthy"/);
  await leaveAll(proxy);
  await eventually(() => assertServes(proxy.port));
  assertSurvived(web, 'the replica behind it');
  await assertStopped(proxy, 'after all of them');
});

test('at the proxy, without any replica', async (t) => {
  const proxy = await startProxy(t, await freePort());
  await leaveAll(proxy);
  await assertStopped(proxy, 'after all of them');
});

test('at the port of the metrics', { skip: noRedis() }, async (t) => {
  const METRICS_PORT = `${await freePort()}`;
  const web = await startWeb(t, { METRICS_PORT });
  await leaveAll(web, Number(METRICS_PORT));
  assert.equal((await fetch(`http://127.0.0.1:${METRICS_PORT}/metrics`)).status, 200);
  await assertStopped(web, 'after all of them');
});

for (const name of ['proxy', 'replica'] as const) {
  test(`at a ${name} that is stopping`, { skip: noRedis() }, async (t) => {
    const web = await startWeb(t);
    const stopping = name === 'replica' ? web : await startProxy(t, web.port);
    const sockets = HANDED_OUT.map(() => connect({ port: stopping.port, host: '127.0.0.1', allowHalfOpen: true }));
    await Promise.all(
      sockets.map((socket) =>
        once(
          socket.on('error', () => {}),
          'connect',
        ),
      ),
    );
    const stopped = assertStopped(stopping, 'while all of them came');
    await stopping.line(/"message":"draining"/);
    await Promise.all(
      HANDED_OUT.map(async ({ bytes, leave }, i) => {
        const socket = sockets[i];
        if (socket !== undefined) await talkAndLeave(socket, bytes, leave, PATIENCE_MS);
      }),
    );
    await stopped;
  });
}
