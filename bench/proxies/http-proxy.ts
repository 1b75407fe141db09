// The least that http-proxy needs for a round robin: PORT to listen on, UPSTREAMS as ports of loopback.
import { Agent, createServer } from 'node:http';
import { createProxyServer } from 'http-proxy';

const { PORT = '', UPSTREAMS = '' } = process.env;
const targets = UPSTREAMS.split(',').map((port) => `http://127.0.0.1:${port}`);
const proxy = createProxyServer({ agent: new Agent({ keepAlive: true }), xfwd: true });
proxy.on('error', (_error, _req, res) => {
  if ('writeHead' in res) res.writeHead(502);
  res.end();
});
let turn = 0;
const server = createServer((req, res) => {
  const target = targets[turn % targets.length] ?? '';
  turn += 1;
  void proxy.web(req, res, { target });
});
server.listen(Number(PORT), '127.0.0.1');
