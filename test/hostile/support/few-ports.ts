// A proxy whose slow requests take all local ports there are, run where these are few. Prints what clients and the proxy
// say meanwhile and after it, each as a line of JSON.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { withCleanup } from '@container-counter/testing/cleanup';
import { eventually } from '@container-counter/testing/eventually';
import { startService } from '@container-counter/testing/services';

const REPLICAS = [3001, 3002];
const SLOW = 24;

await withCleanup(async (t) => {
  for (const port of REPLICAS) {
    const replica = createServer((req, res) => {
      if (req.url !== '/slow') res.end('ready');
    });
    await once(replica.listen(port, '127.0.0.1'), 'listening');
    t.after(() => {
      replica.close();
      replica.closeAllConnections();
    });
  }
  const UPSTREAMS = REPLICAS.map((port) => `127.0.0.1:${port}`).join();
  const proxy = await startService(t, 'proxy', { PORT: '8080', UPSTREAMS, TRY_TIMEOUT_MS: '60000' });
  for (const port of REPLICAS) await proxy.line(new RegExp(`:${port}".*upstream is healthy`));

  // Each from an address of its own, so that clients have ports enough.
  let clients = 0;
  const send = (path: string) => {
    clients += 1;
    return request({ port: 8080, host: '127.0.0.1', localAddress: `127.0.1.${clients}`, path, agent: false }).end();
  };
  const ask = async (path: string) => {
    const [response] = await once(send(path), 'response');
    return { status: response.statusCode, body: await text(response) };
  };

  const refused: { status: number; body: string }[] = [];
  const slow = Array.from({ length: SLOW }, () => send('/slow').on('error', () => {}));
  for (const one of slow) {
    one.once('response', async (response) =>
      refused.push({ status: response.statusCode ?? 0, body: await text(response) }),
    );
  }
  await eventually(() => {
    if (refused.length === 0) throw new Error('no request was refused yet');
  });
  console.log(JSON.stringify(refused[0]));
  console.log((await ask('/-/upstreams')).body.trim());
  for (const one of slow) one.destroy();
  await eventually(async () => {
    const { status } = await ask('/');
    if (status !== 200) throw new Error(`${status}`);
  });
  console.log((await ask('/-/upstreams')).body.trim());
  console.log(JSON.stringify(proxy.lines.filter((line) => line.includes('unhealthy'))));
});
