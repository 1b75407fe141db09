// This project as it ships: three replicas, the proxy, both with their logs.
import type { Contestant } from '../contestant.ts';
import { startDaemon } from '../daemon.ts';

const MAIN = new URL('../../services/proxy/src/main.ts', import.meta.url).pathname;

export const containerCounter: Contestant = {
  name: 'container-counter',
  about: 'as shipped, with its logs and metrics',
  replica: 'counter',
  proxy: (t, { port, upstreams, folder, nodeOptions }) =>
    startDaemon(t, folder, port, process.execPath, [MAIN], {
      PORT: `${port}`,
      BIND_ADDRESS: '127.0.0.1',
      METRICS_PORT: '0',
      NODE_OPTIONS: nodeOptions,
      UPSTREAMS: upstreams.map((upstream) => `127.0.0.1:${upstream}`).join(),
    }),
};
