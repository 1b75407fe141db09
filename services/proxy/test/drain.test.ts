// SIGTERM: nothing new, a response for all that was accepted, exit 0.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { type Service, startService } from '@container-counter/testing/services';
import { rawClient } from './raw.ts';
import { startUpstream, textOf } from './support.ts';

/** Stops it, and sees that nothing was left to be cut when its time was up, however long that took on a busy machine. */
const stopsByItself = async (proxy: Service): Promise<void> => {
  assert.equal(await proxy.stop(), 0);
  assert.match(await proxy.line(/"message":"stopped"/), /"finished":true/);
};

/** Starts the proxy as a process, before a replica that responds when it is told to. */
const start = async (t: TestContext) => {
  const waiting: ServerResponse[] = [];
  const replica = await startUpstream(t, 'web-1', (_req, res) => {
    waiting.push(res);
    replica.server.emit('arrived');
  });
  const proxy = await startService(t, 'proxy', { UPSTREAMS: replica.address });
  await proxy.line(/upstream is healthy/);
  const arrived = async (count: number) => {
    while (waiting.length < count) await once(replica.server, 'arrived');
  };
  return { proxy, replica, waiting, arrived };
};

const get = async (url: string, agent: Agent | false = false) => {
  const [response] = await once(request(url, { agent }).end(), 'response');
  return { status: response.statusCode, connection: response.headers.connection, text: await textOf(response) };
};

test('what is in flight is finished, what comes later is refused', async (t) => {
  const { proxy, waiting, arrived } = await start(t);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const inFlight = Array.from({ length: 20 }, (_, i) => get(proxy.url, i % 2 === 0 ? agent : false));
  await arrived(20);
  const stopped = proxy.stop();
  await proxy.line(/"message":"draining"/);
  await assert.rejects(get(proxy.url), { code: 'ECONNREFUSED' });
  for (const res of waiting) res.end('finished');
  for (const { status, connection, text } of await Promise.all(inFlight)) {
    assert.deepEqual([status, connection, text], [200, 'close', 'finished']);
  }
  assert.equal(await stopped, 0);
  assert.match(await proxy.line(/"message":"stopped"/), /"finished":true/);
});

test('under load, every request that was accepted gets its response', async (t) => {
  const replica = await startUpstream(t, 'web-1', (_req, res) => setImmediate(() => res.end('ok')));
  const proxy = await startService(t, 'proxy', { UPSTREAMS: replica.address, LOG_LEVEL: 'info' });
  await proxy.line(/upstream is healthy/);
  let responses = 0;
  let enough = () => {};
  const loaded = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const load = async () => {
    for (;;) {
      const requested = request(proxy.url, { agent: false }).end();
      const [response] = await once(requested, 'response').catch((error) => [error]);
      if (response instanceof Error) return response;
      if ((await textOf(response)) !== 'ok') return new Error('a broken response');
      responses += 1;
      if (responses === 200) enough();
    }
  };
  const clients = Array.from({ length: 8 }, load);
  await loaded;
  assert.equal(await proxy.stop(), 0);
  const ends = (await Promise.all(clients)) as NodeJS.ErrnoException[];
  // A connection that no one had accepted yet, or that had not said anything, may be reset.
  assert.deepEqual(
    ends.filter(({ code }) => code !== 'ECONNREFUSED' && code !== 'ECONNRESET'),
    [],
  );
  const lines = proxy.lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'request');
  assert.deepEqual(
    lines.filter(({ status }) => status !== 200),
    [],
    'each that was read got its response',
  );
  assert.ok(lines.length >= responses);
});

test('under load, clients that keep their connections lose nothing: each is announced before it is closed', async (t) => {
  const replica = await startUpstream(t, 'web-1', (_req, res) => setImmediate(() => res.end('ok')));
  const proxy = await startService(t, 'proxy', { UPSTREAMS: replica.address });
  await proxy.line(/upstream is healthy/);
  let responses = 0;
  const loaded = Promise.withResolvers<void>();
  // Sends the next request as soon as the response before it is there.
  const load = () =>
    new Promise<string>((resolve) => {
      const socket = connect(proxy.port, '127.0.0.1').setEncoding('latin1');
      let waiting = '';
      const send = () => {
        waiting = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
        socket.write(waiting);
      };
      socket.on('connect', send).on('error', () => {});
      socket.on('data', (piece: string) => {
        waiting = piece.endsWith('ok') ? '' : waiting;
        responses += 1;
        if (responses === 400) loaded.resolve();
        if (waiting === '' && !piece.includes('Connection: close')) send();
      });
      socket.once('close', () => resolve(waiting));
    });
  const clients = Array.from({ length: 16 }, load);
  await loaded.promise;
  assert.equal(await proxy.stop(), 0);
  assert.deepEqual(
    (await Promise.all(clients)).filter((waiting) => waiting !== ''),
    [],
  );
});

test('pipelined requests all get a response, and only the last says close', async (t) => {
  const { proxy, waiting, arrived } = await start(t);
  const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
  const client = rawClient(t, proxy.port, GET);
  await arrived(1);
  const stopped = proxy.stop();
  await proxy.line(/"message":"draining"/);
  client.send(GET.repeat(2));
  for (let i = 0; i < 3; i += 1) {
    await arrived(i + 1);
    waiting[i]?.end(`<${i}>`);
  }
  assert.match(await client.closed, /<0>.*<1>.*Connection: close.*<2>/s);
  assert.equal(await stopped, 0);
});

test('idle, with an open keep-alive connection, it ends by itself', async (t) => {
  const { proxy } = await start(t);
  const idle = rawClient(t, proxy.port, 'GET /-/healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await idle.until(/alive\n$/);
  await stopsByItself(proxy);
});

test('who has just connected may still send a request, when idle connections are closed already', async (t) => {
  const { proxy, waiting, arrived } = await start(t);
  const silent = rawClient(t, proxy.port, '');
  await once(silent.socket, 'connect');
  const idle = rawClient(t, proxy.port, 'GET /-/healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  await idle.until(/alive\n$/);
  const stopped = proxy.stop();
  await idle.closed;
  silent.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await arrived(1);
  waiting[0]?.end('in time');
  assert.match(await silent.closed, /\r\nConnection: close\r\n.*in time$/s);
  assert.equal(await stopped, 0);
});

test('an upstream that never responds to its probe does not delay it', async (t) => {
  const { proxy, replica } = await start(t);
  replica.server.removeAllListeners('request');
  await once(replica.server, 'request');
  await stopsByItself(proxy);
});

test('a WebSocket connection that both sides leave half open does not hold it up for long', async (t) => {
  const { proxy, replica } = await start(t);
  replica.server.on('upgrade', (_req, socket) => {
    t.after(() => socket.destroy());
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  });
  const client = rawClient(
    t,
    proxy.port,
    'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  );
  client.socket.allowHalfOpen = true;
  await client.until(/101/);
  await stopsByItself(proxy);
});

test('SIGINT does the same', async (t) => {
  const { proxy } = await start(t);
  assert.equal(await proxy.stop('SIGINT'), 0);
});

test('a port that is taken, or a setting that is wrong, ends it with 2 and a sentence', async (t) => {
  const { proxy, replica } = await start(t);
  const taken = startService(t, 'proxy', { PORT: `${proxy.port}`, UPSTREAMS: replica.address });
  await assert.rejects(taken, new RegExp(`PORT=${proxy.port} is taken by another program; set PORT to a free one\\.`));
  const wrong = startService(t, 'proxy', { UPSTREAMS: `web:${await freePort()}/` });
  await assert.rejects(wrong, /UPSTREAMS="web:\d+\/" cannot be used: .* is invalid\.$/m);
});
